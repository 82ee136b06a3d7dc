import { existsSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import type { Database } from "node-sqlite3-wasm";

/** The package gives its constructor in a way that an import by name does not see. */
const sqlite = createRequire(import.meta.url)("node-sqlite3-wasm") as {
  Database: new (path: string) => Database;
};

/**
 * Opens a database that this process owns alone, and makes it with `schema` where there is none.
 *
 * The package keeps its lock as a folder beside the file, which outlives a killed process; and it never rolls a left rollback journal back, since it takes its own lock for
 * another writer's. So the lock is taken away here (the caller owns the database), and the database has a write-ahead log instead of a journal: what a killed process had committed is there, what
 * it had not is not, whatever moment it was.
 */
export function openDatabase(path: string, schema: string): Database {
  if (!existsSync(path)) create(path, schema);
  rmSync(`${path}.lock`, { recursive: true, force: true });
  return opened(path);
}

/** Made under another name, so that a database is there whole or not at all. */
function create(path: string, schema: string): void {
  const fresh = `${path}.new`;
  for (const name of [fresh, `${fresh}-wal`, `${fresh}.lock`, `${fresh}-journal`])
    rmSync(name, { recursive: true, force: true });
  const database = opened(fresh);
  database.exec(schema);
  database.close();
  renameSync(fresh, path);
}

/** A write-ahead log without shared memory needs the lock for good (SQLite, “WAL-mode without shared memory”). */
function opened(path: string): Database {
  const database = new sqlite.Database(path);
  database.get("PRAGMA locking_mode = EXCLUSIVE");
  database.get("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  return database;
}
