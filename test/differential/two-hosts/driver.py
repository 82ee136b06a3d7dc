"""The real side of the two-host test: machines made of namespaces of this kernel, driven by lines of JSON on standard input, answered on standard output.

Everything runs on one processor. What a veth is given waits in that processor's queue until the call that sends it ends, so frames come in the same order each time.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time

from machine import serve

# Two looks this far apart, at which nothing has moved: all is over.
BETWEEN_LOOKS = 0.003
QUIET_LOOKS = 2
PATIENCE_SECONDS = 5


class Machine:
    def __init__(self):
        ours, theirs = socket.socketpair()
        self.process = os.fork()
        if self.process == 0:
            ours.close()
            serve(theirs.makefile("r"), theirs.makefile("w"))
            os._exit(0)
        theirs.close()
        self.answers, self.requests = ours.makefile("r"), ours.makefile("w")
        ours.close()
        self.hear()
        with open(f"/proc/{self.process}/task/{self.process}/children") as children:
            self.first = int(children.read())

    @property
    def network(self):
        return f"/proc/{self.first}/ns/net"

    def say(self, request):
        self.requests.write(json.dumps(request) + "\n")
        self.requests.flush()

    def hear(self):
        line = self.answers.readline()
        if line == "":
            raise RuntimeError("a machine has ended")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer

    def end(self):
        """Its first process takes all others with it."""
        self.requests.close()
        self.answers.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.first, signal.SIGKILL)
        os.waitpid(self.process, 0)


class Driver:
    def __init__(self):
        os.sched_setaffinity(0, {int(sys.argv[1]) % os.cpu_count()})
        self.machines = {}
        self.cables = 0

    def close(self, _request=None):
        for machine in self.machines.values():
            machine.end()
        self.machines = {}
        return {}

    def open(self, request):
        self.close()
        for name in request["machines"]:
            self.machines[name] = Machine()
        return {}

    def prepare(self, request):
        """Settings before there are devices."""
        return self.ask_one(request["machine"], {"do": "run", "line": request["line"]})

    def plug(self, request):
        """A cable: a veth pair between two machines."""
        self.cables += 1
        words = ["ip", "link", "add"]
        for number, (machine, nic, mac) in enumerate(request["ends"]):
            # Two ends with one index would look to the link watch like a device on its own, for which it takes its time.
            index = str(100 * (number + 1) + self.cables)
            words += [nic, "index", index, "address", mac, "netns", self.machines[machine].network]
            words += ["type", "veth", "peer", "name"] if number == 0 else []
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return {}

    def run(self, request):
        answer = self.ask_one(request["machine"], {"do": "run", "line": request["line"]})
        self.settle()
        return answer

    def send(self, request):
        """A frame by a raw socket."""
        self.ask_one(request["machine"], {**request, "do": "send"})
        self.settle()
        return {}

    def ask_one(self, name, request):
        machine = self.machines[name]
        machine.say(request)
        return machine.hear()

    def ask_all(self, request):
        for machine in self.machines.values():
            machine.say(request)
        return {name: machine.hear() for name, machine in self.machines.items()}

    def settle(self):
        end = time.monotonic() + PATIENCE_SECONDS
        quiet = 0
        while quiet < QUIET_LOOKS:
            moved = any(answer["moved"] for answer in self.ask_all({"do": "poll"}).values())
            quiet = 0 if moved else quiet + 1
            if time.monotonic() > end:
                raise RuntimeError("frames without end, or a device without carrier")
            time.sleep(BETWEEN_LOOKS)

    def take(self, _request):
        return {"machines": {name: answer["frames"] for name, answer in self.ask_all({"do": "take"}).items()}}

    def ask(self, request):
        answers = self.ask_all(request)
        return {"machines": {name: answer["answers"] for name, answer in answers.items()}}


def main():
    driver = Driver()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = getattr(driver, request["do"])(request)
        except Exception as error:  # The test says what went wrong; the driver goes on.
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
    driver.close()


main()
