"""test_refs.py - references through hr-proxy, turn by turn

What hr-align makes of a body is in test_align.py.  hr-proxy forwards the same
and remembers what it sent: here each turn extends the last, whatever happens
between them, and is what a proxy sends that never saw the conversation.
"""
import json
import random
import re
import shutil
import subprocess

import agents
import refs
import spans
from agents import Conversation, Made
from hrtest import equal, forwarded, proxy, redeem, same_bytes, upstream
from sessions import APIS, records
from test_align import (OFF, ON, align, big, followed, made_of, read,
                        references, run)
from test_cache import Watch, state


def conversations(seeds, **how):
    """One or more for each agent."""
    return [Conversation(seed, **how) for seed in seeds]


class Read(Watch):
    """A conversation, each turn of which is followed."""

    def turn(self, p, up, turn, **how):
        out = super().turn(p, up, turn, **how)
        body = self.s.body(turn, **how)
        self.texts = followed(body, out, self.s.api, 'seed %d turn %d' % (
            self.s.seed, turn))[0]
        return out

    def ends(self):
        return len(self.out) == len(self.s.turns)

    def next(self, p, up, **how):
        return self.turn(p, up, len(self.out) + 1, **how)


def refer(watches, least):
    n = sum(len(references(w.texts)) for w in watches)
    assert n >= least, 'too few references: %d' % n


def exact(up, **how):
    return proxy(up, '--level', 'exact', **how)


def each_turn_extends_the_last():
    up = upstream()
    p = exact(up)
    ws = [Read(c) for c in conversations(range(1000, 1024))]
    for w in ws:
        while not w.ends():
            w.next(p, up)
        # That is what hr-align makes of it, which remembers nothing.
        same_bytes(w.out[-1], align(w.s.body()), 'seed %d' % w.s.seed)
    refer(ws, 50)


def what_a_cold_proxy_sends():
    """No memory, and no store; in the middle of a conversation."""
    up = upstream()
    warm = exact(up)
    cold = proxy(up, '--level', 'exact', '--no-store', env=state('none'))
    ws = [Read(c) for c in conversations(range(1100, 1112))]
    for w in ws:
        while not w.ends():
            w.next(warm, up)
        for turn in len(w.out), len(w.out) // 2 + 1:
            same_bytes(forwarded(cold, up, w.s.api, w.s.body(turn)),
                       w.out[turn - 1], 'seed %d' % w.s.seed)
    refer(ws, 25)


def a_restart_between_turns():
    up = upstream()
    ws = [Read(c) for c in conversations(range(1200, 1212), turns=9)]
    for turn in range(1, 10):
        p = exact(up)
        for w in ws:
            w.turn(p, up, turn)
        p.stop()
        if turn % 4 == 0:
            shutil.rmtree('state')
    refer(ws, 20)


def a_killed_proxy():
    up = upstream()
    ws = [Read(c) for c in conversations(range(1300, 1308), turns=8)]
    for turn in range(1, 9):
        p = exact(up)
        for w in ws:
            w.turn(p, up, turn)
        p.kill()
    refer(ws, 15)


def interleaved_conversations():
    """Each is what it is alone; those of one API begin alike."""
    up = upstream()
    p = exact(up)
    rng = random.Random(1)
    ws = [Read(c) for c in conversations(range(1400, 1412), turns=12)]
    todo = ws * 12
    rng.shuffle(todo)
    for w in todo:
        w.next(p, up)
    for w in ws:
        for turn, out in enumerate(w.out):
            same_bytes(out, align(w.s.body(turn + 1)), 'seed %d turn %d' % (
                w.s.seed, turn + 1))
    refer(ws, 30)


def a_conversation_that_forks():
    """Two go on from one turn, and back to it: each sees its own lines."""
    up = upstream()
    p = exact(up)
    found = 0
    for seed in range(1500, 1512):
        cs = [Conversation(seed, turns=8) for _ in range(3)]
        for i, c in enumerate(cs):
            other = Conversation(seed + 100 * i, type(c.agent), c.api,
                                 turns=8)
            c.turns = c.turns[:4] + other.turns
        ws = [Read(c) for c in cs]
        for turn in (5, 6, 8, 7, 10, 12, 4, 11):
            for w in ws:
                w.last = []
                w.turn(p, up, turn)
                same_bytes(w.out[-1], align(w.s.body(turn)),
                           'seed %d turn %d' % (seed, turn))
                found += len(references(w.texts))
    assert found > 100, found


def moving_cache_marks():
    up = upstream()
    p = exact(up)
    ws = [Read(c) for c in conversations(range(1600, 1608),
                                         agent=agents.Claude)]
    for w in ws:
        while not w.ends():
            turn = len(w.out) + 1
            w.turn(p, up, turn, mark=(1, 2, 0, 3)[turn % 4])
    refer(ws, 15)


def strings_and_lists():
    up = upstream()
    p = exact(up)
    ws = [Read(c) for c in conversations(range(1700, 1712))]
    for w in ws:
        while not w.ends():
            turn = len(w.out) + 1
            w.turn(p, up, turn, listed=turn % 3 == 1)
    refer(ws, 20)


def after_a_compaction():
    """Of the client, then of the server: what is gone is not named."""
    up = upstream()
    p = exact(up)
    n = 0
    for c in conversations(range(1800, 1812)):
        w = Read(c)
        while not w.ends():
            w.next(p, up)
        n += len(references(w.texts))
        # From now on without its first results.
        w = Read(c)
        stubs = 3
        for turn in range(len(c.turns) // 2 + 1, len(c.turns) + 1):
            w.turn(p, up, turn, stubs=stubs)
        same_bytes(w.out[-1], align(c.body(stubs=stubs)))
        n -= len(references(w.texts))
        if c.api != 'chat':
            c.turns.insert(len(c.turns) // 2, None)
            w = Read(c)
            while not w.ends():
                w.next(p, up)
            same_bytes(w.out[-1], align(c.body()), 'seed %d' % c.seed)
    assert n > 10, n


def not_where_the_server_may_drop():
    """Also in a conversation that had references before, and has again."""
    up = upstream()
    p = exact(up)
    for api in APIS:
        c = big(api)
        want = forwarded(p, up, api, c.body())
        assert want != c.body()
        for how in OFF[api]:
            same_bytes(forwarded(p, up, api, c.body(**how)), c.body(**how),
                       str(how))
        same_bytes(forwarded(p, up, api, c.body()), want, api)
        for how in ON[api]:
            out = forwarded(p, up, api, c.body(**how))
            equal(references(spans.compare(c.body(**how), out, api)),
                  references(spans.compare(c.body(), want, api)), str(how))


def who_asks_again_is_answered():
    """And stays so in all later turns."""
    up = upstream()
    p = exact(up)
    for api in APIS:
        turns = [[read()], [read()], [read()], [run('make')], [read()]]
        w = Read(made_of(api, turns))
        while not w.ends():
            w.next(p, up)
        equal([t.changed for t in w.texts], [False, True, False, True, True],
              api)


def what_was_fetched_is_whole():
    up = upstream()
    p = exact(up)
    for api in APIS:
        turns = [[read()], [run('hr-ccr get 482913305718264903815')],
                 [run('make')]]
        w = Read(made_of(api, turns))
        while not w.ends():
            w.next(p, up)
        equal([t.changed for t in w.texts], [False, False, True], api)


# At other levels, what is squashed is not what is referred to.

def do_records(w, agent):
    """Records that change in a row or two, and are asked for again."""
    w.pods = getattr(w, 'pods', None) or records(random.Random(1))
    if w.rng.random() < 0.5:
        w.pods = w.pods.replace('Running', 'Pending', w.rng.randrange(3))
    return [agent.shell('kubectl get pods -o json', w.pods)]


SQUASHED = agents.ACTS + ((do_records, 12),)


def ids(text):
    return set(re.findall(r'hr-ccr get (\d{21})', text))


def unfolded(text):
    """What the short form of a list or log stands for; others as they are."""
    for squasher in 'hr-squash-list', 'hr-squash-log':
        done = subprocess.run([squasher, '--expand'], input=text.encode(),
                              stdout=subprocess.PIPE)
        # It refuses what has gaps, as a text that only looks like that.
        if done.returncode == 0:
            text = done.stdout.decode()
    return text


def at_every_level():
    """References point to what is seen, never to what is left out."""
    up = upstream()
    marked = found = 0
    for level in 'lossless', 'balanced', 'tight':
        p = proxy(up, '--level', level, env=state(level))
        for c in conversations(range(1900, 1912), acts=SQUASHED):
            w = Watch(c)
            for turn in range(1, len(c.turns) + 1):
                out = w.turn(p, up, turn)
            reader = refs.Reader(out, c.api)
            for t in w.texts:
                assert len(t.after) <= len(t.before), t.path
                found += bool(references([t]))
                seen = reader.texts[t.path]
                if ids(seen) - ids(t.before):
                    marked += 1
                elif '"namespace"' not in t.before and seen != t.before:
                    equal(unfolded(seen), t.before, 'text')
        p.stop()
    assert marked > 10 and found > 60, (marked, found)


def a_mark_beside_references():
    """A squashed text above is pointed to by what is seen of it."""
    up = upstream()
    p = proxy(up, '--level', 'tight')
    text = records(random.Random(2))
    for api in APIS:
        turns = [[Made('bash', {'command': 'kubectl get pods -o json'},
                       text)],
                 [Made('bash', {'command': 'kubectl get pods -A -o json'},
                       text)]]
        c = made_of(api, turns)
        w = Watch(c)
        for turn in 1, 2:
            out = w.turn(p, up, turn)
        assert w.texts[0].changed and w.texts[1].changed, api
        refs.Reader(out, api)
        for t in w.texts:
            for ident in idents(t.after):
                same_bytes(redeem(ident), t.before.encode(), api)


def idents(text):
    return [s.split(']')[0].split(' ')[-1]
            for s in text.split('hr-ccr get')[1:]]


def another_level_after_a_restart():
    """References that were sent stay, also where none would be made."""
    up = upstream()
    ws = [Watch(c) for c in conversations(range(2000, 2008), turns=12,
                                          acts=SQUASHED)]
    for turn in range(1, 13):
        if turn in (1, 5, 9):
            if turn > 1:
                p.stop()
            p = proxy(up, '--level', {1: 'tight', 5: 'exact',
                                      9: 'balanced'}[turn])
        for w in ws:
            w.turn(p, up, turn)
            refs.Reader(w.out[-1], w.s.api)
    assert any(references(w.texts) for w in ws)


def a_lost_call_is_no_other():
    """Histories that differ in what was read share no reference."""
    up = upstream()
    p = exact(up)
    for api in APIS:
        one = made_of(api, [[read()], [run('make')]])
        out = forwarded(p, up, api, one.body())
        assert out != one.body()
        for path in '/w/b.py', '/w/a.p':
            c = made_of(api, [[read(path=path)], [run('make')]])
            got = forwarded(p, up, api, c.body())
            texts = followed(c.body(), got, api)[0]
            assert path + ' above]' in references(texts)[0], texts
            o = json.loads(c.body())
            assert json.loads(got) != o
