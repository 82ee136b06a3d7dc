import type { Netfilter } from "./netfilter.js";
import type { TableName } from "./tables.js";

/**
 * The tables of a whole machine, where its kernel is older than Linux 4.6: a table whose module is loaded is in every namespace, those to come too. (Since b9e69e127397 "netfilter:
 * xtables: don't hook tables by default" each namespace has only those that it has used.)
 */
export class TableModules {
  private readonly loaded: TableName[] = [];

  /** @param namespaces Netfilter of all namespaces of the machine. */
  constructor(private readonly namespaces: () => readonly Netfilter[]) {}

  load(name: TableName): void {
    if (this.loaded.includes(name)) return;
    this.loaded.push(name);
    for (const netfilter of this.namespaces()) netfilter.addTable(name);
  }

  /** A namespace is made. */
  enter(netfilter: Netfilter): void {
    for (const name of this.loaded) netfilter.addTable(name);
  }
}
