import { isIP } from "../net/addresses.js";
import { resolveName } from "../net/socket.js";
import type { Runtime } from "../runtime.js";

type Found = (error: Error | null, ...rest: unknown[]) => void;

/** `node:dns`: `lookup` and the A records of `resolve4`, by the container's resolver. */
export function dnsModule(runtime: Runtime): unknown {
  const { loop } = runtime;
  const lookup = (host: string, options: unknown, callback?: Found) => {
    const done = (typeof options === "function" ? options : callback) as Found;
    const { all = false } = (typeof options === "object" && options !== null ? options : {}) as {
      all?: boolean;
    };
    const kind = isIP(host);
    if (kind !== 0)
      loop.tick(() => (all ? done(null, [{ address: host, family: kind }]) : done(null, host, kind)));
    else
      resolveName(runtime, host, (error, address, list) => {
        if (error !== null) done(error);
        else if (all)
          done(
            null,
            list.map((one) => ({ address: one, family: 4 })),
          );
        else done(null, address, 4);
      });
  };
  const resolve4 = (host: string, callback: Found) =>
    resolveName(runtime, host, (error, _, list) => {
      if (error === null) callback(null, [...list]);
      else
        callback(
          Object.assign(new Error(`queryA ${error.code} ${host}`), {
            code: error.code,
            syscall: "queryA",
            hostname: host,
          }),
        );
    });
  const promises = {
    lookup: (host: string, options: object = {}) =>
      new Promise((resolve, reject) => {
        lookup(host, options, (error, address, family) => {
          if (error !== null) reject(error);
          else resolve((options as { all?: boolean }).all === true ? address : { address, family });
        });
      }),
    resolve4: (host: string) =>
      new Promise((resolve, reject) =>
        resolve4(host, (error, list) => (error === null ? resolve(list) : reject(error))),
      ),
  };
  const refused = (name: string) => () => {
    throw new Error(`dns.${name} is not supported here`);
  };
  return {
    lookup,
    resolve4,
    resolve: (host: string, type: unknown, callback?: Found) =>
      resolve4(host, (typeof type === "function" ? type : callback) as Found),
    resolveSrv: refused("resolveSrv"),
    resolveTxt: refused("resolveTxt"),
    resolve6: refused("resolve6"),
    reverse: refused("reverse"),
    setDefaultResultOrder: () => {},
    getDefaultResultOrder: () => "verbatim",
    promises,
    NOTFOUND: "ENOTFOUND",
  };
}
