"""The seeded killer: which fault strikes when is decided by the seed alone, what it meets by the run."""
import os
import signal
import subprocess
import threading
import time

from parts import children_of

STALL_S = 3.0
FULL_S = 2.0


def send(pid, number):
    try:
        os.kill(pid, number)
        return True
    except ProcessLookupError:
        return False


class Killer:
    """`pause_s`: longer than a lease. Faults that last go on in the background, so that others fall into them."""

    def __init__(self, dice, studio, book, pause_s):
        self.dice, self.studio, self.book, self.pause_s = dice, studio, book, pause_s
        self.counts = {}
        self.lasting = []
        self.mending = threading.Lock()  # one fault of the disk or the database at a time
        faults = {"server killed": (3, self.kill_server), "server killed as it answers": (3, self.kill_as_it_answers),
                  "server stopped": (1, self.pause_server), "node killed": (3, self.kill_node),
                  "node stopped": (2, self.pause_node), "worker killed": (4, self.kill_worker),
                  "worker stopped": (1, self.pause_worker),
                  "connections reset": (3, self.reset)}
        if studio.disk.real:
            faults |= {"power cut": (2, self.cut_power), "disk full": (1, self.fill_disk)}
        if studio.postgres is not None:
            faults |= {"database killed": (2, self.kill_database), "database stopped": (1, self.pause_database)}
        if studio.redis is not None:
            faults |= {"Redis killed": (1, self.kill_redis), "Redis emptied": (1, self.empty_redis),
                       "Redis stopped": (1, self.pause_redis), "S3 killed": (2, self.kill_bucket), "S3 stopped": (1, self.pause_bucket)}
        self.faults = faults
        self.deck = []

    def strike(self):
        """Answers whether anything was hit. Faults are dealt like cards, so that a run of a few dozen has them all."""
        if not self.deck:
            self.deck = [name for name, (weight, _) in self.faults.items() for _ in range(weight)]
            self.dice.shuffle(self.deck)
        name = self.deck.pop()
        if not self.faults[name][1]():
            self.deck.insert(0, name)
            return False
        self.counts[name] = self.counts.get(name, 0) + 1
        return True

    def settle(self):
        """Waits until nothing is stopped or full any more."""
        for one in self.lasting:
            one.join()

    def lasts(self, work):
        thread = threading.Thread(target=work)
        thread.start()
        self.lasting.append(thread)
        return True

    def stop_for(self, pids, seconds):
        """Answers whether any of them was there to be stopped."""
        stopped = [pid for pid in pids if send(pid, signal.SIGSTOP)]

        def continue_later():
            time.sleep(seconds)
            for pid in stopped:
                send(pid, signal.SIGCONT)
        return bool(stopped) and self.lasts(continue_later)

    def kill_server(self):
        return self.dice.choice(self.studio.servers).signal(signal.SIGKILL)

    def kill_as_it_answers(self):
        """The worst moment for a promise: somebody has just been told that their job is accepted."""
        server = self.dice.choice(self.studio.servers)
        self.book.answered.clear()
        return self.book.answered.wait(2) and server.signal(signal.SIGKILL)

    def pause_server(self):
        return self.stop_for([self.dice.choice(self.studio.servers).running.pid], self.pause_s)

    def kill_node(self):
        return self.dice.choice(self.studio.nodes).signal(signal.SIGKILL)

    def pause_node(self):
        return self.stop_for([self.dice.choice(self.studio.nodes).running.pid], self.pause_s)

    def some_worker(self):
        workers = children_of(self.dice.choice(self.studio.nodes).running.pid)
        return [self.dice.choice(workers)[0]] if workers else []

    def kill_worker(self):
        return any(send(pid, signal.SIGKILL) for pid in self.some_worker())

    def pause_worker(self):
        return self.stop_for(self.some_worker(), self.pause_s)

    def reset(self):
        return self.studio.relay.reset()

    def cut_power(self):
        """Of the machine with the database: what it had not fsynced may be gone."""
        with self.mending:
            if self.dice.random() < 0.7:  # as for a server
                self.book.answered.clear()
                self.book.answered.wait(2)
            self.studio.cut_power()
        return True

    def fill_disk(self):
        def full():
            with self.mending:
                self.studio.disk.fill()
                time.sleep(FULL_S)
                self.studio.disk.empty()
                if self.studio.postgres is not None:
                    time.sleep(FULL_S)
                    self.studio.postgres.start_if_it_has_ended()
        return self.lasts(full)

    def kill_database(self):
        with self.mending:
            self.studio.postgres.kill()
            for _ in range(5):  # what was killed may leave its socket behind for a moment
                try:
                    self.studio.postgres.start()
                    return True
                except subprocess.CalledProcessError:
                    time.sleep(0.5)
        raise SystemExit("PostgreSQL does not start again")

    def pause_database(self):
        with self.mending:
            return self.stop_for(self.studio.postgres.family(), STALL_S)

    def kill_redis(self):
        return self.studio.redis.signal(signal.SIGKILL)

    def empty_redis(self):
        try:
            self.studio.redis.flush()
        except subprocess.TimeoutExpired:
            return False
        return True

    def pause_redis(self):
        return self.stop_for([self.studio.redis.running.pid], STALL_S)

    def kill_bucket(self):
        return self.studio.bucket.signal(signal.SIGKILL)

    def pause_bucket(self):
        return self.stop_for([self.studio.bucket.running.pid], STALL_S)
