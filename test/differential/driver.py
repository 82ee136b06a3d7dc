"""The real side of the differential test: namespaces of this kernel, driven by lines of JSON on standard input, answered on standard output.

The machine under test is a network namespace of its own for each case. Its devices are veth pairs; the far ends ("taps") stay in the driver's own
namespace, have no addresses, and are only written to and read from by AF_PACKET sockets.

Everything happens on one processor. What a veth is given waits in that processor's queue (softnet backlog) until the send call ends, and what a packet
causes joins the end of the same queue. So when a frame of the driver's own has come through the "barrier" pair a few times, all that was caused before is over.
"""

import ctypes
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
import time

CLONE_NEWNET = 0x40000000
ETH_P_ALL = 3
SOL_PACKET = 263
PACKET_IGNORE_OUTGOING = 23
SO_MARK = 36
SIOCETHTOOL = 0x8946
ETHTOOL_STXCSUM = 0x17
SIOCGIFFLAGS = 0x8913
IFF_RUNNING = 0x40
BARRIER = b"\xff" * 6 + b"\x02\x00\x00\x00\x00\x99" + b"\x88\xb5" + b"\0" * 46
# The longest way: in, a hook's answer out, an answer to that.
BARRIER_ROUNDS = 4

libc = ctypes.CDLL(None, use_errno=True)


def check(result):
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def run(argv, text=""):
    return subprocess.run(argv, input=text, capture_output=True, text=True)


def must(argv, text=""):
    done = run(argv, text)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(argv)}: {done.stderr}{done.stdout}")


def new_namespace():
    """A file descriptor of a new network namespace. The driver stays in its own."""
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    check(libc.unshare(CLONE_NEWNET))
    fresh = os.open("/proc/self/ns/net", os.O_RDONLY)
    check(libc.setns(home, CLONE_NEWNET))
    os.close(home)
    return fresh


def packet_socket(device):
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    tap.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    tap.bind((device, ETH_P_ALL))
    tap.setblocking(False)
    return tap


def wait_until_running(devices):
    """A device whose peer has just come up drops what it is to send until the kernel's link watch has gone round."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        for _ in range(5000):
            flags = [fcntl.ioctl(any_socket, SIOCGIFFLAGS, struct.pack("16sh14x", name.encode(), 0)) for name in devices]
            if all(struct.unpack("16xh14x", answer)[0] & IFF_RUNNING for answer in flags):
                return
            time.sleep(0.001)
    raise RuntimeError(f"{' '.join(devices)}: no carrier")


def set_sysctl(name, value):
    with open("/proc/sys/" + name.replace(".", "/"), "w") as file:
        file.write(str(value))


def checksums_in_software(device):
    """Whole checksums in all that the machine sends: a veth leaves them to hardware that it does not have."""
    value = ctypes.create_string_buffer(struct.pack("II", ETHTOOL_STXCSUM, 0))
    request = struct.pack("16sP16x", device.encode(), ctypes.addressof(value))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCETHTOOL, request)


class Driver:
    def __init__(self):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        check(libc.unshare(CLONE_NEWNET))
        for group in ("all", "default"):
            set_sysctl(f"net.ipv6.conf.{group}.disable_ipv6", 1)
        must(["ip", "-batch", "-"], "link add bar0 type veth peer name bar1\nlink set bar0 up\nlink set bar1 up\n")
        self.home = os.open("/proc/self/ns/net", os.O_RDONLY)
        self.barrier_in = packet_socket("bar0")
        self.barrier_out = packet_socket("bar1")
        self.barrier_out.setblocking(True)
        self.barrier_out.settimeout(5)
        self.cases = 0
        self.machine = None
        self.taps = {}
        self.services = {}
        self.raw = None

    def open(self, request):
        self.close()
        self.cases += 1
        self.machine = new_namespace()
        lines = []
        names = {}
        for device in request["taps"]:
            name = names[device["name"]] = f"t{self.cases}.{len(names)}"
            lines.append(
                f"link add {name} type veth peer name {device['name']} address {device['mac']} netns /proc/{os.getpid()}/fd/{self.machine}"
            )
            lines.append(f"link set {name} up")
        must(["ip", "-batch", "-"], "\n".join(lines) + "\n")
        check(libc.setns(self.machine, CLONE_NEWNET))
        try:
            for name, value in request["before"]:
                set_sysctl(name, value)
            must(["ip", "-batch", "-"], request["batch"])
            for device in names:
                checksums_in_software(device)
            wait_until_running([*names, "docker0"])
            for name, value in request["sysctls"]:
                set_sysctl(name, value)
            self.raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
            self.raw.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            for port in request["services"]:
                service = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                service.bind(("0.0.0.0", port))
                service.setblocking(False)
                self.services[port] = service
        finally:
            check(libc.setns(self.home, CLONE_NEWNET))
        wait_until_running(names.values())
        self.taps = {device: packet_socket(name) for device, name in names.items()}
        self.settle()
        self.gather()
        return {}

    def close(self, _request=None):
        for sock in [*self.taps.values(), *self.services.values(), self.raw]:
            if sock is not None:
                sock.close()
        self.taps, self.services, self.raw = {}, {}, None
        if self.machine is not None:
            os.close(self.machine)
            self.machine = None
        return {}

    def inside(self, argv, text=""):
        check(libc.setns(self.machine, CLONE_NEWNET))
        try:
            return run(argv, text)
        finally:
            check(libc.setns(self.home, CLONE_NEWNET))

    def restore(self, request):
        done = self.inside(["iptables-legacy-restore", "-w"], request["text"])
        return {"status": done.returncode, "stderr": done.stderr}

    def settle(self):
        for _ in range(BARRIER_ROUNDS):
            self.barrier_in.send(BARRIER)
            while self.barrier_out.recv(128)[12:14] != b"\x88\xb5":
                pass

    def gather(self):
        """What has come to the taps and to the machine's own sockets since the last time."""
        self.settle()
        seen = []
        for device, tap in self.taps.items():
            while True:
                try:
                    seen.append([device, tap.recv(65536).hex()])
                except BlockingIOError:
                    break
        datagrams = []
        for port, service in self.services.items():
            while True:
                try:
                    data, (address, source) = service.recvfrom(65536)
                    datagrams.append([port, address, source, data.hex()])
                except BlockingIOError:
                    break
                except ConnectionRefusedError:
                    continue
        return {"seen": seen, "datagrams": datagrams}

    def inject(self, request):
        for frame in request["frames"]:
            self.taps[request["tap"]].send(bytes.fromhex(frame))
        return self.gather()

    def send(self, request):
        """A packet that the machine itself sends, with its header. What the call complains of (EPERM and the like) is not compared."""
        packet = bytes.fromhex(request["packet"])
        self.raw.setsockopt(socket.SOL_SOCKET, SO_MARK, request["mark"])
        try:
            self.raw.sendto(packet, (socket.inet_ntoa(packet[16:20]), 0))
        except OSError:
            pass
        return self.gather()

    def answer(self, request):
        """A service of the machine sends a datagram."""
        try:
            self.services[request["port"]].sendto(bytes.fromhex(request["data"]), (request["address"], request["to"]))
        except OSError:
            pass
        return self.gather()

    def report(self, _request):
        rules = self.inside(["iptables-legacy-save", "-c"])
        connections = self.inside(["conntrack", "-L"])
        return {"rules": rules.stdout, "connections": connections.stdout}


def main():
    driver = Driver()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = getattr(driver, request["do"])(request)
        except Exception as error:  # The test says what went wrong; the driver goes on.
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


main()
