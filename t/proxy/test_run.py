"""test_run.py - hr-proxy as a program: options, files, signals, rest

T-SECRET, the ledger, configuration, SIGTERM, idleness, doctor.
"""
import gzip
import json
import os
import signal
import stat
import subprocess
import threading
import time

import spans
from hrtest import (PATIENCE, Client, equal, forwarded, ids, ledger,
                    ledger_lines, post, proxy, refused, request_bytes, send,
                    upstream, wait_for)
from sessions import APIS, HEADERS, PATHS, Session, one
from upstream import TOKENS


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


# Start.

def it_says_where_it_listens():
    up = upstream()
    p = proxy(up)
    wait_for('its words', p.stderr)
    equal(p.stderr(), 'hr-proxy: listening on 127.0.0.1:%d\n' % p.port)
    with open(p.port_file) as f:
        equal(f.read(), '%d\n' % p.port)


def a_port_that_is_taken():
    up = upstream()
    p = proxy(up)
    status, err = refused('--listen', '127.0.0.1:%d' % p.port)
    equal(status, 1)
    assert err.startswith('hr-proxy: '), err


def other_addresses_are_refused():
    for address in ('0.0.0.0:0', '[::]:0', '10.0.0.1:0', 'example.com:0',
                    '127.0.0.1:65536', '127.0.0.1:x', '127.0.0.1:', ':0', '',
                    '127.0.0.1:-1', '127.0.0.1.example.com:0',
                    '192.168.1.1:8787', '*:8787'):
        status, err = refused('--listen', address)
        equal(status, 2, 'exit for ' + address)
        assert err.startswith('hr-proxy: '), err


def wrong_options_are_refused():
    for args in (['--level', 'most'], ['--retrieval', 'http'],
                 ['--upstream', 'ftp://x'], ['--upstream', 'x'],
                 ['--upstream', 'nobody=http://127.0.0.1:1'],
                 ['--upstream', 'http://127.0.0.1:1/?q=1'],
                 ['--upstream', 'openai='], ['--upstream', ''],
                 ['--upstream', 'http://user:pw@127.0.0.1:1#f'],
                 ['--no-such'], ['--max-body', 'x'], ['no-such-verb'],
                 ['doctor', '--no-such'], ['doctor', 'x']):
        if args[0] != 'doctor':
            args = ['--listen', '127.0.0.1:0'] + args
        status, err = refused(*args)
        equal(status, 2, args)
        assert err.startswith('hr-proxy: '), (args, err)


def missing_files_are_told():
    for args in (['--config', 'missing'], ['--config', '.'],
                 ['--ca-file', 'missing'], ['--ledger', '.'],
                 ['--port-file', 'missing/x']):
        status, err = refused('--listen', '127.0.0.1:0', *args)
        equal(status, 1, args)
        assert err.startswith('hr-proxy: ') and args[1] in err, (args, err)


# Configuration.

def a_file_says_what_options_say():
    up = upstream()
    with open('conf', 'w') as f:
        f.write('# a comment\n\nlevel = lossless\nledger = none\n'
                'upstream = %s\n' % up.url)
    p = proxy(None, '--config', 'conf', retrieval=None)
    body = one('messages')
    t = spans.compare(body, forwarded(p, up, 'messages', body),
                      'messages')[0]
    equal((t.changed, ids(t)), (True, []))
    p.stop()
    # What the command line says counts.
    p = proxy(None, '--config', 'conf', '--level', 'balanced', '--store',
              'other.db')
    t = spans.compare(body, forwarded(p, up, 'messages', body),
                      'messages')[0]
    equal(len(ids(t)), 1)


def a_wrong_file_is_told_with_its_line():
    for text, line in (('nonsense = 1\n', 1),
                       ('# x\n\nlevel = most\n', 3),
                       ('level = exact\nlevel\n', 2),
                       ('level = exact\nupstream = ftp://x\n', 2),
                       ('\n\n\nlisten = 0.0.0.0:1\n', 4),
                       ('config = conf\n', 1),
                       ('level = exact\n= 1\n', 2),
                       ('retrieval = \n', 1),
                       ('level = exact\n\0\n', 2)):
        with open('conf', 'w') as f:
            f.write(text)
        status, err = refused('--listen', '127.0.0.1:0', '--config', 'conf')
        equal(status, 2, repr(text))
        assert 'conf' in err and str(line) in err, (text, err)
        assert err.startswith('hr-proxy: '), err


# What is left on disk.

def files_are_for_the_user_alone():
    up = upstream()
    os.umask(0)
    p = proxy(up)
    for api in APIS:
        post(p, api, one(api))
    wait_for('a ledger', lambda: [n for n in os.listdir('state/hr')
                                  if 'ledger' in n])
    p.stop()
    equal(mode('state/hr'), 0o700)
    for name in os.listdir('state/hr'):
        equal(mode('state/hr/' + name), 0o600, name)
    # And none of them elsewhere.
    equal(sorted(n for n in os.listdir('.')
                 if not n.startswith(('port.', 'stderr.'))),
          ['home', 'state'])
    equal(os.listdir('home'), [])


SECRET = 'CaNaRy'


def secrets_stay_out_of_files():
    """In every header, query and member: none in what is written."""
    up = upstream()
    up.secrets = [['x-answer', SECRET], ['set-cookie', 'a=' + SECRET]]
    p = proxy(up, '--ledger', 'ledger')
    noted = 0
    for api in APIS:
        hs = [(k, SECRET + v if k.lower() == 'x-api-key' else v)
              for k, v in HEADERS[api]]
        hs += [('authorization', 'Bearer ' + SECRET), ('cookie', SECRET),
               ('x-goog-api-key', SECRET), ('proxy-authorization', SECRET),
               ('x-' + SECRET, SECRET), ('session-id', SECRET)]
        s = Session(api, turns=4)
        body = s.body(4).replace(b'Running', SECRET.encode())
        body = body.replace(b'You are', SECRET.encode())
        body = body.replace(b'user_1', SECRET.encode())
        body = body.replace(b'node', SECRET.encode())
        for path in (PATHS[api], PATHS[api].split('?')[0] + '?key=' + SECRET,
                     '/v1/models?key=' + SECRET, '/%s/x' % SECRET):
            for b in body, b'{' + body, b'{"model":1,"x":"' + SECRET.encode():
                for answer in (None, {'status': 400, 'body': SECRET},
                               {'body': SECRET, 'break': ['body', 'reset']},
                               {'break': ['before', 'close']}):
                    if not path.startswith('/' + SECRET):
                        up.plan.append(answer)
                    send(p, 'POST', path, hs, b)
                    noted += path.startswith(PATHS[api].split('?')[0])
        c = Client(p.port)
        c.send(b'GARBAGE ' + SECRET.encode() + b'\r\n\r\n')
        c.response()
        c.close()
    p.stop()
    seen = b''
    for name in ['ledger', p.err_file]:
        with open(name, 'rb') as f:
            seen += f.read()
    assert SECRET.lower().encode() not in seen.lower(), \
        'a secret in ' + repr(seen[max(0, seen.lower().index(
            SECRET.lower().encode()) - 200):][:300])
    equal(len(ledger()), noted, 'lines in the ledger')
    for _, dirs, files in os.walk('.'):
        for name in dirs + files:
            assert SECRET.lower() not in name.lower(), name
    equal(mode('ledger'), 0o600)


def the_model_in_the_ledger_is_clean():
    up = upstream()
    p = proxy(up, '--ledger', 'ledger')
    for model in ('a\x1b[31mb', 'x' * 5000, 'a"b\\', '\ud800\u00e9', '',
                  'a\n{"status":1}'):
        o = json.loads(one('messages'))
        o['model'] = model
        post(p, 'messages', json.dumps(o).encode())
    for e in ledger_lines(6):
        name = e.get('model', '')
        assert len(name) <= 64 and name.isascii() and name.isprintable(), name


# The ledger.

def every_request_is_a_line():
    up = upstream()
    p = proxy(up, '--ledger', 'ledger')
    prompt = {'input': TOKENS['fresh'], 'cache_read': TOKENS['read'],
              'cache_write': TOKENS['write'], 'output': TOKENS['out']}
    want = []
    clients = {'messages': 'claude-code', 'chat': 'opencode',
               'responses': 'codex'}
    for api in APIS:
        for stream in True, False:
            for encoding in None, 'gzip':
                body = one(api, stream=stream)
                if encoding:
                    kind = 'text/event-stream' if stream else \
                        'application/json'
                    plain = post(p, api, body).body
                    want.append((api, 200, len(body)))
                    up.plan.append({
                        'headers': [['content-type', kind],
                                    ['content-encoding', 'gzip']],
                        'body': gzip.compress(plain)})
                r = post(p, api, body)
                want.append((api, 200, len(body)))
                sent = len(up.requests[-1].body)
                e = ledger_lines(len(want))[-1]
                equal(e['usage'], dict(
                    prompt, **({} if api == 'messages' else
                               {'cache_write': 0})), api)
                equal((e['sent'], e['response']), (sent, len(r.body)))
                equal((e['client'], e['model'][:5]), (
                    clients[api], json.loads(body)['model'][:5]))
                assert sent < len(body)
        up.plan.append({'status': 529, 'body': '{}'})
        send(p, 'POST', PATHS[api], HEADERS[api], one(api))
        want.append((api, 529, len(one(api))))
        equal(ledger_lines(len(want))[-1]['usage'], 'unknown')
    # What no body is read of is not noted.
    send(p, 'GET', '/v1/models', [])
    send(p, 'POST', '/v1/messages/count_tokens', [], b'{}')
    equal([(e['api'], e['status'], e['received']) for e in ledger()], want)
    p.stop()
    equal(len(ledger()), len(want), 'lines at the end')


def the_ledger_says_why():
    """Each text of a session is counted, the new ones one by one."""
    up = upstream()
    p = proxy(up, '--ledger', 'ledger')
    n = 0
    for api in APIS:
        s = Session(api, turns=10)
        for turn in 9, 10, 10:
            body = s.body(turn)
            texts = spans.compare(body, forwarded(p, up, api, body), api)
            n += 1
            e = ledger_lines(n)[-1]
            equal(sum(e['texts'].values()), len(texts), api)
            equal(e['texts'].get('squashed'),
                  sum(t.changed for t in texts), api)
            equal(e['after'] < e['before'], True, api)
        equal(len(e['new']), 0, 'new when sent again')
        old = ledger()[-2]
        equal(len(old['new']), 1, 'new in turn 10')


def two_proxies_share_a_ledger():
    up = upstream()
    ps = [proxy(up, '--ledger', 'ledger') for _ in range(2)]
    threads = [threading.Thread(target=lambda p=p: [
        post(p, 'chat', b'{"n":%d}' % i) for i in range(50)]) for p in ps]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    ledger_lines(100)


def no_ledger_where_none_is_wanted():
    up = upstream()
    p = proxy(up, '--ledger', 'none')
    post(p, 'chat', one('chat'))
    p.stop()
    equal([n for n in os.listdir('state/hr') if 'ledger' in n], [])
    assert not os.path.exists('none')


# Rest and end.

def sigterm_lets_an_answer_end():
    """New clients are refused, the stream goes on to its end."""
    up = upstream()
    p = proxy(up, '--ledger', 'ledger')
    go = threading.Event()

    def answer(req, conn):
        conn.send(b'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n'
                  b'transfer-encoding: chunked\r\n\r\n')
        conn.chunk(b'data: 1\n\n')
        if not go.wait(PATIENCE):
            return False
        conn.chunk(b'data: 2\n\n')
        conn.send(b'0\r\n\r\n')

    up.plan.append(answer)
    idle = Client(p.port)
    c = Client(p.port)
    c.send(request_bytes('POST', PATHS['chat'], HEADERS['chat'],
                         one('chat')))
    c.head()
    equal(c.next_chunk(), b'data: 1\n\n')
    p.process.send_signal(signal.SIGTERM)

    wait_for('the port to close', lambda: not open_port(p))
    equal(idle.read(), False, 'an idle connection is closed')
    equal(p.process.poll(), None)
    go.set()
    equal((c.next_chunk(), c.next_chunk()), (b'data: 2\n\n', b''))
    equal(p.process.wait(PATIENCE), 0)
    equal(len(ledger()), 1)


def sigterm_ends_an_idle_proxy():
    up = upstream()
    for sig in signal.SIGTERM, signal.SIGINT:
        p = proxy(up)
        post(p, 'chat', one('chat'))
        c = Client(p.port)
        c.request('GET', '/v1/models')
        p.process.send_signal(sig)
        equal(p.process.wait(PATIENCE), 0)
        equal(c.read(), False)


def a_second_signal_ends_it_at_once():
    up = upstream()
    p = proxy(up)
    left = []
    up.plan.append(lambda req, conn: left.append(
        conn.peer_left(PATIENCE)) or False)
    c = Client(p.port)
    c.send(request_bytes('POST', PATHS['chat'], HEADERS['chat'],
                         one('chat')))
    wait_for('its request', lambda: up.requests)
    p.process.send_signal(signal.SIGTERM)
    wait_for('the port to close', lambda: not open_port(p))
    p.process.send_signal(signal.SIGTERM)
    p.process.wait(PATIENCE)
    equal(c.response().whole, False)
    wait_for('upstream left', lambda: left)


def open_port(p):
    try:
        Client(p.port).close()
    except ConnectionError:
        return False
    return True


def an_idle_proxy_sleeps():
    """No system call in two seconds, at first and after requests."""
    up = upstream()
    p = proxy(up)
    kept = Client(p.port)
    for api in APIS:
        r = kept.request('POST', PATHS[api], HEADERS[api],
                         Session(api, turns=6).body(6))
        equal(r.status, 200)
    quiet = traced(p.pid)
    # The first pause after work may hold what was put off.
    if quiet:
        quiet = traced(p.pid)
    equal(quiet, [], 'system calls of an idle proxy')


def traced(pid, seconds=2.0):
    t = subprocess.Popen(['strace', '-f', '-o', 'trace', '-p', str(pid)],
                         stderr=subprocess.PIPE)
    for line in t.stderr:               # "Process N attached"
        if b'attached' in line:
            break
    time.sleep(seconds)                 # the one time that is measured
    t.send_signal(signal.SIGINT)
    t.communicate(timeout=PATIENCE)
    with open('trace') as f:
        calls = f.read().splitlines()
    # What each thread waits in is shown when it is attached or left.
    waits = ('epoll_wait', 'epoll_pwait', 'futex', 'restart_syscall',
             'io_uring_enter', 'poll', 'ppoll')
    return [c for c in calls
            if not any(' %s(' % w in c for w in waits)
            or ('=' in c.split(')')[-1] and 'detached' not in c
                and 'resumed' not in c)]


# doctor.

def doctor_proves_that_a_mark_can_be_redeemed():
    r = subprocess.run(['hr-proxy', 'doctor'], stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, timeout=PATIENCE)
    equal(r.returncode, 0, r.stdout)
    r = subprocess.run(['hr-proxy', 'doctor', '--store', 'my.db', '--shell',
                        'sh -c'], stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, timeout=PATIENCE)
    equal(r.returncode, 0, r.stdout)


def doctor_finds_what_is_wrong():
    """A shell that cannot fetch, a store that cannot be written."""
    os.mkdir('folder.db')
    for args in (['--shell', 'false'], ['--shell', '/no/such/shell'],
                 ['--store', 'folder.db']):
        r = subprocess.run(['hr-proxy', 'doctor'] + args,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           timeout=PATIENCE)
        equal(r.returncode, 1, (args, r.stdout, r.stderr))
        assert r.stdout or r.stderr
