"""One machine of the real side: a process in network, mount and process namespaces of its own, told what to do by lines of JSON on a socket.

Its /run is its own, so `ip netns add` names namespaces that nobody else sees, and iptables' lock is not shared. When the process ends, the kernel ends what it
has started and forgets its namespaces: nothing is left to delete, also not after a failure.
"""

import ctypes
import fcntl
import json
import mmap
import os
import shlex
import signal
import socket
import struct
import subprocess

CLONE_NEWNS = 0x00020000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
MS_REC = 0x4000
MS_PRIVATE = 0x40000
PR_SET_PDEATHSIG = 1
ETH_P_ALL = 3
PACKET_OUTGOING = 4
SOL_PACKET = 263
PACKET_RX_RING = 5
# A ring of 256 places of 16 KB: the kernel copies a frame there when it passes, as for tcpdump, so that nothing done to it later shows.
PLACE_BYTES = 1 << 14
PLACES = 256
TP_STATUS_USER = 1
ADDRESS_AT = 32
RTM_GETLINK = 18
NLM_F_REQUEST_DUMP = 0x301
NLMSG_DONE = 3
IFLA_IFNAME = 3
IFLA_OPERSTATE = 16
IFF_UP = 1
IFF_LOWER_UP = 0x10000
OPERSTATES_WITHOUT_CARRIER = (2, 3)
SIOCETHTOOL = 0x8946
ETHTOOL_STXCSUM = 0x17
COMMAND_SECONDS = 20
# Stands between the answers of one shell.
MARK = "@@@@"
# The book shows iptables with the legacy back end, under its plain name.
LEGACY = {"iptables": "iptables-legacy", "iptables-save": "iptables-legacy-save", "iptables-restore": "iptables-legacy-restore"}

libc = ctypes.CDLL(None, use_errno=True)


def check(result):
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def mount(source, target, kind, flags=0):
    check(libc.mount(source, target, kind, ctypes.c_ulong(flags), None))


def isolate():
    """Leaves this process in new namespaces, as the first process of its own."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    check(libc.unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID))
    child = os.fork()
    if child != 0:
        os.waitpid(child, 0)
        os._exit(0)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    mount(None, b"/", None, MS_REC | MS_PRIVATE)
    mount(b"sysfs", b"/sys", b"sysfs")
    mount(b"tmpfs", b"/run", b"tmpfs")
    mount(b"tmpfs", b"/tmp", b"tmpfs")
    os.makedirs("/run/netns")
    os.makedirs("/run/legacy")
    for name, real in LEGACY.items():
        os.symlink(f"/usr/sbin/{real}", f"/run/legacy/{name}")
    os.environ["PATH"] = f"/run/legacy:{os.environ['PATH']}:/usr/sbin:/sbin"
    os.environ["LC_ALL"] = "C"


class Namespace:
    """A network namespace of the machine, with one socket that sees the frames of all its devices."""

    def __init__(self, name, home):
        self.home = home
        self.fd = home if name == "" else os.open(f"/run/netns/{name}", os.O_RDONLY)
        self.inode = os.fstat(self.fd).st_ino
        self.tap = self.inside(open_tap)
        self.ring = mmap.mmap(self.tap.fileno(), PLACE_BYTES * PLACES, mmap.MAP_SHARED)
        self.place = 0
        self.names = {}
        self.netlink = self.inside(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0))
        self.summed = set()
        self.kept = []

    def close(self):
        self.ring.close()
        self.tap.close()
        self.netlink.close()
        os.close(self.fd)

    def inside(self, action):
        check(libc.setns(self.fd, CLONE_NEWNET))
        try:
            return action()
        finally:
            check(libc.setns(self.home, CLONE_NEWNET))

    def links(self):
        """Name to (flags, operational state) of each device."""
        self.netlink.send(struct.pack("=IHHIIBBHiII", 32, RTM_GETLINK, NLM_F_REQUEST_DUMP, 1, 0, 0, 0, 0, 0, 0, 0))
        found = {}
        while True:
            data = self.netlink.recv(1 << 16)
            at = 0
            while at < len(data):
                length, kind = struct.unpack_from("=IH", data, at)
                if kind == NLMSG_DONE:
                    return found
                flags = struct.unpack_from("=I", data, at + 24)[0]
                attributes = {}
                where = at + 32
                while where < at + length:
                    size, number = struct.unpack_from("=HH", data, where)
                    attributes[number] = data[where + 4 : where + size]
                    where += (size + 3) & ~3
                name = attributes[IFLA_IFNAME].rstrip(b"\0").decode()
                self.names[struct.unpack_from("=i", data, at + 20)[0]] = name
                found[name] = (flags, attributes[IFLA_OPERSTATE][0])
                at += (length + 3) & ~3

    def whole_checksums(self, links):
        """A veth leaves checksums, and so the cutting of large segments, to hardware that it does not have."""
        for name in set(links) - self.summed:
            value = ctypes.create_string_buffer(struct.pack("II", ETHTOOL_STXCSUM, 0))
            request = struct.pack("16sP16x", name.encode(), ctypes.addressof(value))
            try:
                self.inside(lambda: fcntl.ioctl(self.netlink, SIOCETHTOOL, request))
            except OSError:
                pass  # lo and the like have nothing to change.
        self.summed = set(links)

    def gather(self):
        """Keeps what its devices sent and received as (device, "in" or "out", bytes); gives the number of new frames."""
        before = len(self.kept)
        while True:
            at = self.place * PLACE_BYTES
            status, _, kept, start = struct.unpack_from("=QIIH", self.ring, at)
            if status & TP_STATUS_USER == 0:
                return len(self.kept) - before
            index, _, kind = struct.unpack_from("=iHB", self.ring, at + ADDRESS_AT + 4)
            frame = self.ring[at + start : at + start + kept]
            struct.pack_into("=Q", self.ring, at, 0)
            self.place = (self.place + 1) % PLACES
            self.kept.append([self.names.get(index, f"device {index}"), "out" if kind == PACKET_OUTGOING else "in", frame.hex()])


def open_tap():
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    tap.setsockopt(SOL_PACKET, PACKET_RX_RING, struct.pack("=IIII", PLACE_BYTES, PLACES, PLACE_BYTES, PLACES))
    return tap


class Machine:
    def __init__(self):
        isolate()
        self.home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        self.namespaces = {"": Namespace("", self.home)}

    def look(self):
        """Finds namespaces that were made, or deleted, or made anew."""
        named = os.listdir("/run/netns")
        for name, space in [*self.namespaces.items()]:
            if name == "" or (name in named and os.stat(f"/run/netns/{name}").st_ino == space.inode):
                continue
            self.namespaces.pop(name).close()
        for name in named:
            if name not in self.namespaces:
                self.namespaces[name] = Namespace(name, self.home)

    def run(self, request):
        done = subprocess.run(
            ["bash", "-c", request["line"]], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=COMMAND_SECONDS
        )
        return {"status": done.returncode, "text": done.stdout + done.stderr}

    def send(self, request):
        space = self.namespaces[request["space"]]
        with space.inside(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)) as sender:
            sender.bind((request["device"], 0))
            sender.send(bytes.fromhex(request["frame"]))
        return {}

    def poll(self, _request):
        """Whether something has moved since the last time: a frame, or a device that waits for the kernel's link watch.

        A device whose other end has just come up drops what it is to send until the link watch has gone round.
        """
        self.look()
        moved = False
        for space in self.namespaces.values():
            links = space.links()
            space.whole_checksums(links)
            waiting = [
                name
                for name, (flags, state) in links.items()
                if flags & IFF_UP and bool(flags & IFF_LOWER_UP) == (state in OPERSTATES_WITHOUT_CARRIER) and state != 0
            ]
            moved |= space.gather() > 0 or waiting != []
        return {"moved": moved}

    def take(self, _request):
        """The frames since the last time, by namespace."""
        taken = {name: space.kept for name, space in self.namespaces.items()}
        for space in self.namespaces.values():
            space.kept = []
        return {"frames": taken}

    def ask(self, request):
        """What commands print, by namespace."""
        return {
            "answers": {
                name: space.inside(lambda: printed(request["machines" if name == "" else "containers"]))
                for name, space in self.namespaces.items()
            }
        }


def printed(commands):
    """One shell for all: starting programs from here takes longer."""
    script = f"; printf {MARK}; ".join(shlex.join(command) for command in commands)
    done = subprocess.run(["sh", "-c", script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return done.stdout.split(MARK)


def serve(requests, answers):
    """The life of a machine: until nobody asks any more."""
    machine = Machine()
    answer = {}
    while True:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
        line = requests.readline()
        if line == "":
            return
        request = json.loads(line)
        try:
            answer = getattr(machine, request["do"])(request)
        except Exception as error:  # The test says what went wrong; the machine goes on.
            answer = {"error": f"{type(error).__name__}: {error}"}
