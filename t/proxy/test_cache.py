"""test_cache.py - a conversation that only grows stays so behind hr-proxy

T-PREFIX: what is forwarded at turn N+1 begins with what was forwarded at
turn N, as the provider's cache sees both.  T-PIN, T-DET, T-IDEM.
"""
import json
import os
import random
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import spans
from hrtest import (counts, equal, forwarded, ids, new_marks, post, proxy,
                    raw, redeem, same_bytes, upstream)
from sessions import APIS, Session, one, records

DB = 'state/hr/ccr.db'


class Watch:
    """What was forwarded of a session, and that each turn extends it."""

    def __init__(self, session):
        self.s = session
        self.last = []
        self.out = []
        self.squashed = 0

    def turn(self, p, up, turn, **how):
        body = self.s.body(turn, **how)
        out = forwarded(p, up, self.s.api, body)
        texts = spans.compare(body, out, self.s.api)
        now = spans.canonical(out, self.s.api)
        # The question itself must be append-only, else it proves nothing.
        mine = spans.canonical(body, self.s.api)
        for i, b in enumerate(self.last):
            if i >= len(now) or now[i] != b:
                raise AssertionError('%s turn %d, block %d: %.300s\n'
                                     'was %.300s' % (
                                         self.s.api, turn, i,
                                         now[i:i + 1], b))
        equal(len(now), len(mine), 'blocks')
        self.last = now
        self.out.append(out)
        self.texts = texts
        self.squashed = sum(t.changed for t in texts)
        return out

    def worked(self, least):
        if self.squashed < least:
            raise AssertionError('%s: %d texts squashed, not %d' % (
                self.s.api, self.squashed, least))


def thirty_turns():
    up = upstream()
    p = proxy(up)
    for api in APIS:
        w = Watch(Session(api))
        for turn in range(1, 31):
            w.turn(p, up, turn)
        w.worked(15)


def a_restart_between_turns():
    """And then also where the store is lost: all is decided alike."""
    up = upstream()
    ws = [Watch(Session(api, turns=12, seed=2)) for api in APIS]
    for turn in range(1, 13):
        p = proxy(up)
        for w in ws:
            w.turn(p, up, turn)
        p.stop()
        if turn % 4 == 0:
            shutil.rmtree('state')
    for w in ws:
        w.worked(6)


def a_killed_proxy():
    """SIGKILL keeps what was sent: it was pinned before it was sent."""
    up = upstream()
    ws = [Watch(Session(api, turns=8, seed=3)) for api in APIS]
    for turn in range(1, 9):
        level = 'lossless' if turn % 2 else 'tight'
        p = proxy(up, '--level', level)
        for w in ws:
            w.turn(p, up, turn)
        p.kill()
    for w in ws:
        w.worked(4)


def interleaved_sessions():
    """Each is what it is alone, also where they begin alike."""
    up = upstream()
    alone = {}
    for api in APIS:
        for seed in 1, 2:
            p = proxy(up, env=state('alone'))
            w = Watch(Session(api, turns=14, seed=seed))
            for turn in range(1, 15):
                w.turn(p, up, turn)
            w.worked(7)
            alone[api, seed] = w.out
            p.stop()
            shutil.rmtree('alone')
    p = proxy(up)
    rng = random.Random(1)
    for api in APIS:
        ws = {seed: Watch(Session(api, turns=14, seed=seed))
              for seed in (1, 2)}
        todo = [1] * 14 + [2] * 14
        rng.shuffle(todo)
        for seed in todo:
            w = ws[seed]
            w.turn(p, up, len(w.out) + 1)
        for seed, w in ws.items():
            for one_out, other in zip(w.out, alone[api, seed]):
                same_bytes(one_out, other, api)


def state(folder):
    """The environment with which the store is in this folder."""
    return {'XDG_STATE_HOME': os.path.abspath(folder)}


def two_proxies_on_one_store():
    up = upstream()
    ps = [proxy(up), proxy(up)]
    for api in APIS:
        w = Watch(Session(api, turns=14, seed=4))
        for turn in range(1, 15):
            w.turn(ps[turn % 2], up, turn)
        w.worked(7)


def two_levels_on_one_store():
    """The form that went out first stays, whoever sends the next turn."""
    up = upstream()
    ps = [proxy(up, '--level', 'balanced'), proxy(up, '--level', 'lossless')]
    for api in APIS:
        w = Watch(Session(api, turns=14, seed=5))
        for turn in range(1, 15):
            w.turn(ps[turn % 2], up, turn)
        w.worked(7)


def moving_cache_marks():
    """cache_control on the last message, on none, or on an older one."""
    up = upstream()
    p = proxy(up)
    w = Watch(Session('messages', turns=16, seed=6))
    for turn in range(1, 17):
        w.turn(p, up, turn, mark=(1, 2, 0, 3)[turn % 4])
    w.worked(8)
    # The same turn with other marks is the same content.
    for mark in 0, 1, 2, 5:
        w.turn(p, up, 16, mark=mark)


def strings_and_lists():
    """A text as a string or as a list of itself is the same content."""
    up = upstream()
    p = proxy(up)
    for api in APIS:
        w = Watch(Session(api, turns=16, seed=7))
        for turn in range(1, 17):
            w.turn(p, up, turn, listed=bool(turn % 3 == 1))
        w.worked(8)


def other_order_of_keys():
    """White space, escapes and the order of keys are not content."""
    up = upstream()
    p = proxy(up)
    for api in APIS:
        s = Session(api, turns=8, seed=8)
        body = s.body(8)
        want = spans.canonical(forwarded(p, up, api, body), api)
        assert want != spans.canonical(body, api), 'nothing was squashed'
        o = json.loads(body)
        for text in (json.dumps(o, indent=1), json.dumps(o),
                     json.dumps(flipped(o), ensure_ascii=False)):
            got = forwarded(p, up, api, text.encode())
            spans.compare(text.encode(), got, api)
            equal(spans.canonical(got, api), want, api)


def flipped(v):
    """The same value, keys in the other order."""
    if isinstance(v, list):
        return [flipped(x) for x in v]
    if isinstance(v, dict):
        return {k: flipped(v[k]) for k in reversed(list(v))}
    return v


# The store fails in turn 5 and is back in turn 6.

class Gap:
    """Ten turns of which the store fails in the fifth."""

    def __init__(self, seed):
        self.up = upstream()
        self.p = proxy(self.up)
        self.ws = [Watch(Session(api, turns=10, seed=seed)) for api in APIS]

    def run(self):
        for turn in range(1, 11):
            if turn == 5:
                self.fail()
            if turn == 6:
                self.heal()
            for w in self.ws:
                w.turn(self.p, self.up, turn)
                if turn == 5:
                    self.fresh_has_no_marks(w)
        for w in self.ws:
            w.worked(5)
            for t in w.texts:
                equal([redeem(i) == raw(t.before) for i in ids(t)],
                      [True] * len(ids(t)), w.s.api)

    def fresh_has_no_marks(self, w):
        """What is new was not stored, and what was sent stays."""
        old = sum(h[2] is not None for h in w.s.happened[:4])
        equal([new_marks(t) for t in w.texts[old:]],
              [[]] * len(w.texts[old:]), w.s.api + ': marks, no store')
        assert any(new_marks(t) for t in w.texts[:old])


def a_folder_for_a_store():
    class Moved(Gap):
        def fail(self):
            for suffix in '', '-wal', '-shm':
                if os.path.exists(DB + suffix):
                    os.rename(DB + suffix, 'kept' + suffix)
            os.mkdir(DB)

        def heal(self):
            os.rmdir(DB)
            for suffix in '', '-wal', '-shm':
                if os.path.exists('kept' + suffix):
                    os.rename('kept' + suffix, DB + suffix)

    Moved(9).run()


def a_locked_store():
    """Another process holds the lock and does not let go."""
    class Locked(Gap):
        def fail(self):
            self.db = sqlite3.connect(DB, isolation_level=None)
            self.db.execute('BEGIN IMMEDIATE')

        def heal(self):
            self.db.execute('ROLLBACK')
            self.db.close()

    Locked(10).run()


def a_store_that_cannot_be_written():
    """Opened when its files and folder were read-only."""
    wrap = [] if os.getuid() else [
        'setpriv', '--bounding-set=-dac_override', '--']

    class ReadOnly(Gap):
        def fail(self):
            self.p.stop()
            self.modes(0o500, 0o400)
            self.p = proxy(self.up, wrap=wrap)

        def heal(self):
            self.modes(0o700, 0o600)

        def modes(self, folder, file):
            os.chmod('state/hr', 0o700)
            for name in os.listdir('state/hr'):
                if name.startswith('ccr.db'):
                    os.chmod('state/hr/' + name, file)
            os.chmod('state/hr', folder)

    ReadOnly(11).run()


def a_removed_store():
    """Taken away while the proxy runs: originals and pins are put anew."""
    up = upstream()
    for api in APIS:
        p = proxy(up)
        w = Watch(Session(api, turns=9, seed=12))
        for turn in range(1, 10):
            if turn == 9:
                # What was sent is known from the new store alone.
                p.stop()
                p = proxy(up, '--level', 'lossless')
            if turn == 5:
                for name in os.listdir('state/hr'):
                    if name.startswith('ccr.db'):
                        os.unlink('state/hr/' + name)
            w.turn(p, up, turn)
            for t in w.texts:
                for i in ids(t):
                    same_bytes(redeem(i), raw(t.before), api)
        w.worked(4)
        p.stop()


# Pins.

def another_level_after_a_restart():
    """Old turns keep their form, only new ones get the new one."""
    up = upstream()
    ws = [Watch(Session(api, turns=20, seed=13)) for api in APIS]
    for turn in range(1, 21):
        if turn in (1, 11, 16):
            if turn > 1:
                p.stop()
            p = proxy(up, '--level', {1: 'lossless', 11: 'balanced',
                                      16: 'exact'}[turn])
        for w in ws:
            w.turn(p, up, turn)
    for w in ws:
        # Turns 1 to 10 in the form of turn 10, and so on.
        marked = [bool(ids(t)) for t in w.texts]
        n = [len([h for h in w.s.happened[:k] if h[2]]) for k in (10, 15)]
        assert not any(marked[:n[0]]), 'marks in what was lossless'
        assert any(marked[n[0]:n[1]]), 'balanced made no marks'
        equal([t.changed for t in w.texts[n[1]:]],
              [False] * len(w.texts[n[1]:]), 'exact')


def the_pin_is_what_is_sent():
    """A pin that is altered to "as it came": so it goes out from then on."""
    up = upstream()
    for api in APIS:
        s = Session(api, turns=5, seed=14)
        p = proxy(up)
        forwarded(p, up, api, s.body(1))
        p.stop()
        alter_pins('raw=1, size=0, blob=NULL', 1)
        p = proxy(up)
        for turn in 1, 5, 3:
            body = s.body(turn)
            texts = spans.compare(body, forwarded(p, up, api, body), api)
            want = [False, False, True, False, True][:turn]
            equal([t.changed for t in texts], want, api)
        p.stop()
        shutil.rmtree('state')


def a_damaged_pin_is_decided_anew():
    """And alike, being a function of what stands before the text."""
    up = upstream()
    for api in APIS:
        body = Session(api, turns=5, seed=14).body(5)
        p = proxy(up)
        want = forwarded(p, up, api, body)
        p.stop()
        alter_pins('sum=sum+1', 3)
        p = proxy(up)
        same_bytes(forwarded(p, up, api, body), want, api)
        p.stop()
        shutil.rmtree('state')


def alter_pins(how, n):
    """In table pin, those that have a form; there are n of them."""
    db = sqlite3.connect(DB)
    found = db.execute('UPDATE pin SET %s WHERE raw=0' % how).rowcount
    db.commit()
    db.close()
    equal(found, n, 'pins')


def a_changed_past_is_another_conversation():
    """One byte of an old turn, as long as before: nothing is mixed up."""
    up = upstream()
    for api in APIS:
        bodies = []
        for word in b'slow', b'flow', b'glow':
            s = Session(api, turns=12, seed=15)
            bodies += [s.body(turn).replace(b'shop is slow', b'shop is '
                                            + word) for turn in (8, 12)]
        # Far from the beginning too, in old results.
        b = Session(api, turns=12, seed=15).body(12)
        for word, n in ((b'Running', 120), (b'node-', 500), (b'fo', 90)):
            parts = b.split(word)
            bodies.append(word.join(parts[:n]) + word.swapcase() +
                          word.join(parts[n:]))
            assert len(bodies[-1]) == len(b) and bodies[-1] != b
        want = []
        for body in bodies:
            p = proxy(up, env=state('solo'))
            want.append(forwarded(p, up, api, body))
            spans.compare(body, want[-1], api)
            p.stop()
            shutil.rmtree('solo')
        p = proxy(up, env=state('solo'))
        for i in list(range(len(bodies))) * 2 + [3, 0, 5, 1]:
            same_bytes(forwarded(p, up, api, bodies[i]), want[i],
                       '%s body %d' % (api, i))
        p.stop()
        shutil.rmtree('solo')


# The same everywhere.

def same_in_any_process_order_and_locale():
    up = upstream()
    bodies = {(api, turn): Session(api, turns=12, seed=16).body(turn)
              for api in APIS for turn in range(1, 13)}
    got = []
    for locale, order in (('C', 1), ('C.UTF-8', -1), ('C', 7)):
        p = proxy(up, env=dict(state('state%d' % order), LC_ALL=locale,
                               LANG=locale))
        keys = list(bodies)
        if order == 7:
            random.Random(1).shuffle(keys)
        else:
            keys = keys[::order]
        got.append({k: forwarded(p, up, k[0], bodies[k]) for k in keys})
        p.stop()
    for k in bodies:
        for g in got[1:]:
            same_bytes(g[k], got[0][k], '%s turn %d' % k)
        assert got[0][k] != bodies[k], 'nothing was squashed'


def same_under_load():
    """Twelve clients at a time; each answer is that of the quiet run."""
    up = upstream()
    p = proxy(up, env=state('quiet'))
    jobs = [(api, Session(api, turns=10, seed=seed).body(turn))
            for api in APIS for seed in (17, 18) for turn in range(1, 11)]
    want = [forwarded(p, up, *j) for j in jobs]
    assert all(w != body for w, (_, body) in zip(want, jobs))
    p.stop()
    p = proxy(up)
    n = len(up.requests)
    random.Random(2).shuffle(jobs)
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda j: post(p, *j), jobs))
    equal(sorted(r.body for r in up.requests[n:]) == sorted(want), True,
          'as in the quiet run')


def two_proxies_are_as_one():
    """What was squashed once is left alone by the next."""
    up = upstream()
    p = proxy(up)
    front = proxy(p, env=state('front'))
    alone = proxy(up, env=state('alone'))
    same_store = proxy(alone, env=state('alone'))
    for api in APIS:
        s = Session(api, turns=12, seed=19)
        for turn in 1, 3, 12:
            want = forwarded(alone, up, api, s.body(turn))
            assert want != s.body(turn), 'nothing was squashed'
            same_bytes(forwarded(front, up, api, s.body(turn)), want, api)
            same_bytes(forwarded(same_store, up, api, s.body(turn)), want,
                       api)


# Marks and tokens.

def every_mark_gives_the_original():
    up = upstream()
    p = proxy(up)
    n = 0
    for api in APIS:
        w = Watch(Session(api, turns=20, seed=20))
        w.turn(p, up, 20)
        for t in w.texts:
            found = ids(t)
            equal(len(found), len(set(found)), 'one header a text')
            for i in found:
                same_bytes(redeem(i), raw(t.before), api)
                n += 1
            if any(new_marks(t)):
                equal(len(found), 1, 'headers')
    assert n >= 20, n


def a_named_store_is_named_in_marks():
    up = upstream()
    p = proxy(up, '--store', os.path.abspath('my.db'))
    for api in APIS:
        body = one(api)
        t = spans.compare(body, forwarded(p, up, api, body), api)[0]
        equal(len(ids(t)), 1, api)
        mark = t.after.split('\n')[0]
        assert '--store %s' % os.path.abspath('my.db') in mark, mark
        same_bytes(redeem(ids(t)[0], '--store', 'my.db'), raw(t.before))
    assert not os.path.exists(DB), 'the default store was made'


def odd_texts_are_redeemed():
    """Lone surrogates, NUL, CRLF, a byte order mark, no newline."""
    up = upstream()
    p = proxy(up)
    rows = json.loads(records(random.Random(21)))
    for i, odd in enumerate(('\ud800', '\udc00 \ud83d', '\x00', '\ufeff',
                             '\x1b[0m', '\U0001f600', '\u2028')):
        for row in rows:
            row['node'] = odd
        for text in (json.dumps(rows), '\r\n'.join(map(json.dumps, rows))):
            for api in APIS:
                o = json.loads(one(api, 'query', 'q%d' % i, text))
                body = json.dumps(o).encode()
                t = spans.compare(body, forwarded(p, up, api, body), api)[0]
                equal((t.changed, len(ids(t))), (True, 1), repr(odd))
                same_bytes(redeem(ids(t)[0]), raw(t.before), api)


def what_was_fetched_stays_whole():
    """An agent asks for the whole: it is sent so in all later turns."""
    up = upstream()
    p = proxy(up)
    for api in APIS:
        made = [('shell', 'kubectl get pods -o json',
                 records(random.Random(22)), False)]
        s = Session(api, turns=1, made=made)
        t = spans.compare(s.body(1), forwarded(p, up, api, s.body(1)),
                          api)[0]
        ident = ids(t)[0]
        whole = redeem(ident).decode()
        made.append(('shell', 'hr-ccr get ' + ident, whole, False))
        w = Watch(Session(api, turns=12, seed=22, made=made))
        for turn in range(1, 13):
            w.turn(p, up, turn)
            if turn > 1:
                equal(w.texts[1].after, whole, api)
                equal(w.texts[0].changed, True, api)
        w.worked(5)


def no_text_has_more_tokens():
    up = upstream()
    p = proxy(up, '--level', 'tight')
    pairs = []
    rng = random.Random(23)
    for api in APIS:
        w = Watch(Session(api, turns=20, seed=23))
        w.turn(p, up, 20)
        pairs += [(t.before, t.after) for t in w.texts]
        made = [('query', 'q', json.dumps(small(rng, n)), False)
                for n in range(24)]
        w = Watch(Session(api, turns=24, made=made))
        w.turn(p, up, 24)
        pairs += [(t.before, t.after) for t in w.texts]
    n = counts([b for b, _ in pairs]), counts([a for _, a in pairs])
    for i, (before, after) in enumerate(zip(*n)):
        if pairs[i][0] != pairs[i][1]:
            # And each replacement saves a tenth.
            assert after * 10 <= before * 9, (before, after, pairs[i])
        assert after <= before, (before, after, pairs[i])
    assert any(a != b for b, a in pairs)


def small(rng, n):
    """JSON of any shape that is hardly worth it."""
    kind = n % 6
    if kind == 0:
        return [{'id': i, 'x': rng.random()} for i in range(n)]
    if kind == 1:
        return {'k%d' % i: rng.random() for i in range(n)}
    if kind == 2:
        return [rng.randrange(10**9) for _ in range(n * 20)]
    if kind == 3:
        return [['a', 'b', rng.random()] for _ in range(n)]
    if kind == 4:
        return {'text': 'word ' * n * 10, 'n': n}
    return [[[[n]]], {'a': {'b': {'c': ['d'] * n}}}]

