import type { RootOptions } from "./root.js";

/** What /etc holds at first, by name. */
export function etcFiles({ hostname, userland }: RootOptions): Readonly<Record<string, string>> {
  const debian = userland === "debian";
  return {
    group: "root:x:0:\ndaemon:x:1:\nwww-data:x:33:\nnogroup:x:65534:\n",
    hostname: `${hostname}\n`,
    hosts: `127.0.0.1\tlocalhost\n${debian ? `127.0.1.1\t${hostname}\n` : ""}::1\tlocalhost ip6-localhost ip6-loopback\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n`,
    "os-release": debian ? DEBIAN_RELEASE : ALPINE_RELEASE,
    passwd: `root:x:0:0:root:/root:${debian ? "/bin/bash" : "/bin/sh"}\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n`,
    "resolv.conf": "nameserver 192.168.56.1\n",
    services: SERVICES,
    protocols: PROTOCOLS,
    ...(debian ? { debian_version: "12.10\n" } : { "alpine-release": "3.20.3\n" }),
  };
}

const DEBIAN_RELEASE = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
`;

const ALPINE_RELEASE = `NAME="Alpine Linux"
ID=alpine
VERSION_ID=3.20.3
PRETTY_NAME="Alpine Linux v3.20"
HOME_URL="https://alpinelinux.org/"
BUG_REPORT_URL="https://gitlab.alpinelinux.org/alpine/aports/-/issues"
`;

const SERVICES = `# Network services, Internet style
echo\t\t7/tcp
echo\t\t7/udp
discard\t\t9/tcp\t\tsink null
discard\t\t9/udp\t\tsink null
ftp-data\t20/tcp
ftp\t\t21/tcp
ssh\t\t22/tcp\t\t\t\t# SSH Remote Login Protocol
telnet\t\t23/tcp
smtp\t\t25/tcp\t\tmail
domain\t\t53/tcp\t\t\t\t# Domain Name Server
domain\t\t53/udp
bootps\t\t67/udp
bootpc\t\t68/udp
tftp\t\t69/udp
http\t\t80/tcp\t\twww\t\t# WorldWideWeb HTTP
ntp\t\t123/udp\t\t\t\t# Network Time Protocol
https\t\t443/tcp\t\t\t\t# http protocol over TLS/SSL
https\t\t443/udp\t\t\t\t# HTTP/3
http-alt\t8080/tcp\twebcache\t# WWW caching service
http-alt\t8080/udp
`;

const PROTOCOLS = `ip\t0\tIP\t\t# internet protocol, pseudo protocol number
icmp\t1\tICMP\t\t# internet control message protocol
igmp\t2\tIGMP\t\t# Internet Group Management
tcp\t6\tTCP\t\t# transmission control protocol
udp\t17\tUDP\t\t# user datagram protocol
sctp\t132\tSCTP\t\t# Stream Control Transmission Protocol
`;
