"""test_reads.py - files that agents read, and the policy behind it

Lock files are squashed, source is not; own policies; epochs; and that what was
sent under one policy is sent again under another.
"""
import json
import os
import random
import shutil
import subprocess

import spans
from hrtest import (equal, forwarded, ids, ledger_lines, post, proxy, raw,
                    redeem, refused, same_bytes, upstream)
from sessions import APIS, Session, one, records, source
from test_cache import Watch


def rows(seed=1):
    return records(random.Random(seed))


def read(p, up, api, path, what='read'):
    """What becomes of a file of this path; of the bytes of its text."""
    body = one(api, what, path, rows())
    return spans.compare(body, forwarded(p, up, api, body), api)[0]


def write(path, text):
    if os.path.dirname(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w') as f:
        f.write(text)
    return path


def lock_files_are_squashed_and_source_is_not():
    up = upstream()
    p = proxy(up, '--ledger', 'ledger')
    n = 0
    for api in APIS:
        for what, path, changed in (
                ('read', '/w/package-lock.json', True),
                ('read', '/w/package.json', False),
                ('read', '/w/node_modules/a/package.json', True),
                ('read', '/w/node_modules/../package.json', False),
                ('read', '/w/src/a.c', False),
                ('shell', 'cat x/package-lock.json', True),
                ('shell', 'cd x && sed -n 1,99p package-lock.json', True),
                ('shell', 'cat package-lock.json src/a.c', False),
                ('shell', 'cat "$F"', False),
                ('shell', 'cat package-lock.json | head -20', True),
                ('shell', 'make | tail -20', False),
                ('shell', 'git show HEAD:composer.lock', True),
                ('shell', 'git show HEAD:src/a.json', False)):
            t = read(p, up, api, path, what)
            equal(t.changed, changed, (api, path))
            equal(len(ids(t)), int(changed), (api, path))
            for i in ids(t):
                same_bytes(redeem(i), rows().encode(), path)
            n += 1
            new = ledger_lines(n)[-1]['new'][0]
            equal(new['why'], 'squashed' if changed else 'read', path)
            want = None
            if changed:
                want = 'vendored' if 'node_modules' in path else 'lock'
            equal(new.get('class'), want, (api, path))


def an_own_policy_overrides_the_shipped_one():
    up = upstream()
    own = write('own', 'path source package-lock.json\npath lock my.json\n'
                'tool read shop_query\n')
    p = proxy(up, '--policy', own)
    for api in APIS:
        for path, changed in (('package-lock.json', False),
                              ('my.json', True), ('composer.lock', True)):
            equal(read(p, up, api, '/w/' + path).changed, changed,
                  (api, path))
        body = one(api, 'query', 'x', rows())
        t = spans.compare(body, forwarded(p, up, api, body), api)[0]
        # A tool of this name reads; behind a server's name too.
        equal(t.changed, api == 'messages', api)
    p.stop()
    write(own, 'tool read query\n')
    p = proxy(up, '--policy', own)
    equal(read(p, up, 'messages', 'select 1', 'query').changed, False)
    p.stop()
    # Without it that was no read.
    write(own, '')
    p = proxy(up, '--policy', own, env={'XDG_STATE_HOME':
                                        os.path.abspath('other')})
    equal(read(p, up, 'messages', 'select 1', 'query').changed, True)


def an_own_policy_is_found():
    """In the user's folder, in a file of options, or where it is told."""
    up = upstream()

    def changed(*args, **env):
        shutil.rmtree('state', ignore_errors=True)
        p = proxy(up, *args, env=env)
        t = read(p, up, 'chat', '/w/package-lock.json')
        p.stop()
        return t.changed

    none = os.path.abspath('none')
    equal(changed(), True)
    write('config/hr/policy', 'level lock exact\n')
    equal(changed(), False, 'in XDG_CONFIG_HOME')
    equal(changed(XDG_CONFIG_HOME=none), True)
    equal(changed('--policy', write('own', '# nothing\n')), True)
    write('home/.config/hr/policy', 'level lock exact\n')
    equal(changed(XDG_CONFIG_HOME=''), False, 'in HOME')
    equal(changed(XDG_CONFIG_HOME='relative'), False)
    write('own', 'level lock exact\n')
    write('conf', 'policy = own\nreads = focus\n')
    equal(changed('--config', 'conf', XDG_CONFIG_HOME=none), False,
          'in a file of options')
    equal(changed('--config', 'conf', '--policy', write('empty', '')), True)


def wrong_policies_are_told():
    for text, line, word in (('x\n', 1, 'x'),
                             ('# a\n\npath code *.c\n', 3, 'code'),
                             ('level data most\n', 1, 'most'),
                             ('path data *.c\ntool reads x\n', 2, 'reads'),
                             ('text data word\n', 1, 'word')):
        write('own', text)
        status, err = refused('--listen', '127.0.0.1:0', '--policy', 'own')
        equal(status, 2, text)
        assert err.startswith('hr-proxy: own:%d: ' % line), err
        assert "'%s'" % word in err, err
    write('config/hr/policy', 'x\n')
    status, err = refused('--listen', '127.0.0.1:0')
    equal(status, 2)
    assert 'config/hr/policy:1: ' in err, err
    for args in (['--policy', 'missing'], ['--policy', '.']):
        status, err = refused('--listen', '127.0.0.1:0', *args)
        equal(status, 1, args)
        assert args[1] in err, err
    with open('own', 'wb') as f:
        f.write(b'# a comment\n' * 30000)
    status, err = refused('--listen', '127.0.0.1:0', '--policy', 'own')
    equal(status, 2)
    assert 'own: too large' in err, err


def without_the_shipped_policy_files_stay_exact():
    """A copy of the program that has its vocabulary and no more."""
    exe = subprocess.run(['sh', '-c', 'command -v hr-proxy'], check=True,
                         stdout=subprocess.PIPE).stdout.decode().strip()
    share = os.path.join(os.path.dirname(exe), 'share')
    os.makedirs('copy/bin/share')
    shutil.copy(exe, 'copy/bin/hr-proxy')
    os.symlink(os.path.join(share, 'o200k_base.hrv'),
               'copy/bin/share/o200k_base.hrv')
    os.environ['HR_PROXY'] = os.path.abspath('copy/bin/hr-proxy')
    up = upstream()
    p = proxy(up)
    assert 'hr-proxy: cannot read the policy ' in p.stderr(), p.stderr()
    for api in APIS:
        equal(read(p, up, api, '/w/package-lock.json').changed, False, api)
        # All else goes on.
        t = read(p, up, api, 'kubectl get pods -o json', 'shell')
        equal(t.changed, True, api)
    p.stop()
    # One that is wrong is as good as none.
    write('copy/bin/share/policy', 'path lock *.json\nlevel lock tight\nx\n')
    p = proxy(up)
    assert 'share/policy:3: ' in p.stderr(), p.stderr()
    equal(read(p, up, 'chat', '/w/b/package-lock.json').changed, False)


def parts_of_source_are_left_out():
    """A licence and encoded data; every other byte stays."""
    up = upstream()
    p = proxy(up)
    rng = random.Random(9)
    icon = ''.join(rng.choice('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrs'
                              'tuvwxyz0123456789+/') for _ in range(8000))
    head = '// a.ts - icons\n//\n// Copyright A\n//\n'
    licence = ''.join('// %s\n' % line for line in (
        'Licensed under the Apache License, Version 2.0 (the License); you',
        'may not use this file except in compliance with the License.  You',
        'may obtain a copy of the License at', '',
        '    http://www.apache.org/licenses/LICENSE-2.0', '',
        'Unless required by applicable law or agreed to in writing,',
        'software distributed under the License is distributed on an "AS',
        'IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND.'))
    code = "import x from 'y';\n\nexport const icon =\n    'data:x;base64,"
    rest = "';\n\n" + source(rng)
    text = head + licence + code + icon + rest
    for api in APIS:
        body = one(api, 'read', '/w/a.ts', text)
        t = spans.compare(body, forwarded(p, up, api, body), api)[0]
        i, = ids(t)
        same_bytes(redeem(i), text.encode(), api)
        want = ('%s[hr: lines 5-13 left out]\n%s%s[hr: 7976 bytes left out; '
                'encoded data]%s' % (head, code, icon[:24], rest))
        same_bytes(t.after.split('\n', 1)[1].encode(), want.encode(), api)
        # From the middle on there is no licence to be seen.
        body = one(api, 'shell', 'tail -n +2 /w/c.ts', text)
        t = spans.compare(body, forwarded(p, up, api, body), api)[0]
        assert 'Licensed under' in t.after and 'encoded data' in t.after
        # Nor is anything left out that cannot be fetched, or is not large.
        body = one(api, 'read', '/w/d.ts', head + licence + source(rng))
        same_bytes(forwarded(p, up, api, body), body, api)
    p.stop()
    p = proxy(up, retrieval='none')
    for api in APIS:
        body = one(api, 'read', '/w/e.ts', text)
        same_bytes(forwarded(p, up, api, body), body, api)


def agents_that_edit_nothing():
    """Their reads may be squashed, until there is a tool that edits."""
    up = upstream()
    p = proxy(up, '--ledger', 'ledger')
    o = json.loads(one('messages', 'read', '/w/a.json', rows()))
    n = 0
    for names, changed in ((['Read', 'Grep'], True),
                           (['Read', 'Grep', 'Edit'], False),
                           (['Read', 'Bash'], False),
                           (['Read', 'mcp__x__update_record'], False),
                           (['Read', 'ToolSearch'], False),
                           (['Read', 'mcp__x__find_record'], True)):
        o['tools'] = [t for t in o['tools'] if t['name'] == 'Read'] + [
            dict(o['tools'][0], name=name) for name in names[1:]]
        body = json.dumps(o).encode()
        t = spans.compare(body, forwarded(p, up, 'messages', body),
                          'messages')[0]
        equal(t.changed, changed, names)
        n += 1
        equal(ledger_lines(n)[-1]['new'][0].get('class'),
              'unedited' if changed else None, names)


def focus_is_as_exact_but_for_its_name():
    """The same bytes; another epoch; what was sent once stays."""
    up = upstream()
    out, epochs = {}, {}
    for way in 'exact', 'focus':
        p = proxy(up, '--reads', way, '--ledger', way,
                  env={'XDG_STATE_HOME': os.path.abspath('state.' + way)})
        out[way] = [forwarded(p, up, api, s.body(turn))
                    for api in APIS for s in [session(api)]
                    for turn in (1, 5, 12)]
        p.stop()
        lines = ledger_lines(9, way)
        epochs[way] = {e['policy'] for e in lines}
        equal(len(epochs[way]), 1, 'epochs of ' + way)
    for a, b in zip(out['exact'], out['focus']):
        same_bytes(b, a)
    assert epochs['exact'] != epochs['focus'], epochs


def session(api, seed=31):
    """Reads of every kind among other calls."""
    rng = random.Random(seed)
    made = []
    for i in range(4):
        # No line stands in two of them.
        texts = [records(rng).replace('web-', '%s%d-' % (kind, i))
                 for kind in ('lock', 'plain', 'shell')]
        made += [('read', '/w/%d/package-lock.json' % i, texts[0], False),
                 ('read', '/w/%d/package.json' % i, texts[1], False),
                 ('shell', 'cat /w/%d.csv.json composer.lock' % i,
                  texts[2], False)]
    return Session(api, turns=12, seed=seed, made=made)


def another_policy_after_a_restart():
    """Old turns keep their form, whatever the new policy says."""
    up = upstream()
    ws = [Watch(session(api)) for api in APIS]
    free = write('free', 'path data *.json\nlevel data tight\n')
    shut = write('shut', 'level lock exact\n')
    seen = set()
    for turn, args in enumerate((
            [], ['--reads', 'focus'], ['--policy', shut], ['--policy', free],
            [], ['--reads', 'focus', '--policy', free], ['--policy', shut],
            [], [], ['--policy', shut], [], ['--reads', 'focus']), 1):
        p = proxy(up, '--ledger', 'ledger.%d' % turn, *args)
        for w in ws:
            w.turn(p, up, turn)
        p.stop()
        seen.add((ledger_lines(3, 'ledger.%d' % turn)[0]['policy'],
                  tuple(args)))
    equal(len(seen), 5, 'epochs')
    equal(len({e for e, _ in seen}), 5, 'epochs that differ')
    for w in ws:
        # Turn 1 by lock, 3 shut, 4 lock, 5 plain package.json, 6 free.
        equal([t.changed for t in w.texts],
              [True, False, False, True, False, True, False, False, False,
               False, False, False], w.s.api)


def comments_are_no_other_policy():
    up = upstream()
    epochs = []
    for text in 'level lock tight\n', '# x\n\nlevel  lock\ttight # y\n', \
            'level lock balanced\n':
        write('own', text)
        p = proxy(up, '--policy', 'own', '--ledger', 'ledger.%d' %
                  len(epochs))
        post(p, 'chat', one('chat'))
        p.stop()
        epochs.append(ledger_lines(1, 'ledger.%d' % len(epochs))[0]['policy'])
    equal(epochs[0], epochs[1])
    assert epochs[0] != epochs[2], epochs


def what_passed_goes_and_what_failed_stays():
    """By a profile; another one is another policy, for new texts only."""
    up = upstream()
    said = ['===== test session starts =====']
    for i in range(200):
        said.append('t/test_%s%d.py::test_it %s' %
                    (chr(97 + i % 26), i, 'FAILED' if i == 70 else 'PASSED'))
    said.append('===== 1 failed, 199 passed in 0.10s =====')
    epochs = []

    def became(ledger, text):
        p = proxy(up, '--ledger', ledger)
        body = one('messages', 'shell', 'pytest -v', text)
        t = spans.compare(body, forwarded(p, up, 'messages', body),
                          'messages')[0]
        p.stop()
        epochs.append(ledger_lines(1, ledger)[0]['policy'])
        return raw(t.after)

    first = became('ledger.1', '\n'.join(said))
    assert b'test_it FAILED' in first, first
    assert b'70 lines left out; PASSED in all' in first, first
    assert b'1 failed, 199 passed' in first, first
    write('config/hr/profiles/own', 'profile pytest\n')
    same_bytes(became('ledger.2', '\n'.join(said)), first)
    said[5] = 'another'
    assert b'PASSED in all' not in became('ledger.3', '\n'.join(said))
    assert epochs[0] != epochs[1] and epochs[1] == epochs[2], epochs


def old_texts_are_redeemed_after_a_policy_that_forbids_them():
    up = upstream()
    p = proxy(up)
    body = one('messages', 'read', '/w/package-lock.json', rows(5))
    want = forwarded(p, up, 'messages', body)
    p.stop()
    p = proxy(up, '--policy', write('shut', 'level lock exact\n'))
    same_bytes(forwarded(p, up, 'messages', body), want)
    t = spans.compare(body, want, 'messages')[0]
    same_bytes(redeem(ids(t)[0]), raw(t.before))
