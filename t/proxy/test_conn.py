"""test_conn.py - connections: clients that leave, hosts, framing, TLS

T-CANCEL, T-HOST, and how requests are framed.
"""
import json
import random
import socket
import struct
import subprocess
from concurrent.futures import ThreadPoolExecutor

import spans
from hrtest import (PATIENCE, Client, Reader, equal, forwarded, ledger_lines,
                    post, proxy, request_bytes, same_bytes, send, upstream,
                    wait_for)
from sessions import APIS, HEADERS, PATHS, Session, one
from upstream import made_bytes


# Clients that go away.

def leaver(port, i):
    """A client that goes away at some point, by a close or a reset."""
    rng = random.Random(i)
    kind = rng.choice(('in the request', 'behind it', 'before the body',
                       'half closed'))
    api = APIS[i % 3]
    path = '/v1/messages?head=1' if kind == 'before the body' else PATHS[api]
    body = Session(api, turns=4, seed=i % 7).body(4)
    data = request_bytes('POST', path, HEADERS[api], body)
    c = Client(port)
    if kind == 'in the request':
        data = data[:rng.randrange(len(data))]
    c.send(data)
    if kind == 'before the body':
        equal(c.head().status, 200)
    if kind == 'half closed':
        c.sock.shutdown(socket.SHUT_WR)
    elif rng.randrange(2):
        c.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                          struct.pack('ii', 1, 0))
    c.close()


class Forever:
    """A plan that answers every request so."""

    def __init__(self, answer):
        self.answer = answer

    def __bool__(self):
        return True

    def popleft(self):
        return self.answer


def clients_that_leave_leave_nothing():
    """200 of them, at random points; then all is as before."""
    up = upstream()
    p = proxy(up)
    closing = {'json': {}, 'close': True}
    for api in APIS:
        up.plan.append(closing)
        post(p, api, one(api))
    wait_for('upstream connections closed', lambda: up.open == 0)
    before = p.fds()
    left = []

    def answer(req, conn):
        if 'head=1' in req.target:
            conn.send(b'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream'
                      b'\r\ntransfer-encoding: chunked\r\n\r\n')
        for _ in range(req.n % 5 if 'head=1' in req.target else 0):
            conn.chunk(b'event: ping\ndata: {"type":"ping"}\n\n')
        left.append(conn.peer_left(PATIENCE))
        return False

    up.plan, plan = Forever(answer), up.plan
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda i: leaver(p.port, i), range(200)))
    wait_for('descriptors closed', lambda: p.fds() <= before)
    wait_for('upstream connections closed', lambda: up.open == 0)
    up.plan = plan
    equal(all(left), True, 'upstream was left too')
    assert len(left) >= 20, 'only %d arrived' % len(left)
    for api in APIS:
        up.plan.append(closing)
        post(p, api, one(api))


def clients_that_leave_at_once():
    """With the request sent, before a connection upstream can be there."""
    up = upstream()
    p = proxy(up)
    for i in range(60):
        api = APIS[i % 3]
        c = Client(p.port)
        c.send(request_bytes('POST', PATHS[api], HEADERS[api], b'{}'))
        c.close()
        if i % 20 == 19:
            # So that what is kept is not used by the next.
            wait_for('upstream rests', lambda: len(
                up.requests) == up.arrivals)
            up.drop_connections()
    for api in APIS:
        equal(post(p, api, one(api)).status, 200)


def clients_that_leave_a_stream():
    """In its middle: upstream is left at once, the ledger says so."""
    up = upstream()
    p = proxy(up, '--ledger', 'ledger')
    left = []

    def answer(req, conn):
        conn.send(b'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n'
                  b'transfer-encoding: chunked\r\n\r\n')
        conn.chunk(b'event: ping\ndata: {"type":"ping"}\n\n')
        left.append(conn.peer_left(PATIENCE))
        return False

    before = None
    for i in range(40):
        api = APIS[i % 3]
        up.plan.append(answer)
        c = Client(p.port)
        c.send(request_bytes('POST', PATHS[api], HEADERS[api], one(api)))
        Reader(c).need(5)
        c.close()
        wait_for('upstream left', lambda: len(left) == i + 1)
        wait_for('upstream connections closed', lambda: up.open == 0)
        if i == 5:
            before = p.fds()
    equal(all(left), True)
    wait_for('descriptors closed', lambda: p.fds() <= before)
    equal([e.get('cancelled') for e in ledger_lines(40)], [True] * 40)


# Where requests go.

def a_path_has_one_host():
    a, o = upstream(), upstream()
    p = proxy(None, '--upstream', 'anthropic=' + a.url, '--upstream',
              'openai=' + o.url)
    version = [('anthropic-version', '2023-06-01')]
    table = [('POST', '/v1/messages', [], a), ('POST', '/v1/messages?x', [],
                                               a),
             ('POST', '/v1/messages/count_tokens', [], a),
             ('POST', '/v1/messages/batches', [], a), ('HEAD', '/', [], a),
             ('GET', '/api/hello', [], a),
             ('POST', '/v1/chat/completions', [], o),
             ('POST', '/v1/chat/completions', version, o),
             ('POST', '/v1/responses', [], o),
             ('POST', '/v1/responses', version, o),
             ('GET', '/v1/responses/resp_1', [], o),
             ('POST', '/v1/embeddings', [], o), ('GET', '/v1/models', [], o),
             ('GET', '/v1/models', version, a),
             ('GET', '/v1/models/m-1', version, a),
             ('GET', '/v1/models/m-1', [], o),
             ('POST', '/v1/messages', [('x-forwarded-host', 'x'),
                                       ('x-upstream', o.url)], a)]
    for method, path, headers, where in table:
        n = {u: u.arrivals for u in (a, o)}
        r = send(p, method, path, headers,
                 b'{}' if method == 'POST' else None)
        equal(r.status, 200, path)
        n[where] += 1
        equal([a.arrivals, o.arrivals], [n[a], n[o]], method + ' ' + path)
        equal(where.requests[-1].target, path)
    for path in ('/v2/messages', '/v1', '/v1/message', '/v1/messagesx',
                 '/v1//messages', '/x/../v1/messages', '/%2e/v1/messages',
                 '/v1/chat', '/chat/completions', '/hr/nothing', '/v1/xyz',
                 '/http://x/v1/messages'):
        for method in 'POST', 'GET':
            n = a.arrivals, o.arrivals
            r = send(p, method, path, HEADERS['messages'],
                     b'{}' if method == 'POST' else None)
            equal((r.status, r.whole, r.get('hr-proxy')),
                  (404, True, 'error'), path)
            equal((a.arrivals, o.arrivals), n, path)


def one_upstream_for_all_gets_every_path():
    """There is no other host that a key could go to by mistake."""
    up, other = upstream(), upstream()
    p = proxy(up)
    for path in '/v2/messages', '/v1/nowhere', '/chat/completions?a=b':
        r = send(p, 'GET', path, HEADERS['messages'])
        equal((r.status, up.requests[-1].target), (200, path))
        equal(r.get('hr-proxy'), None, 'whose answer it is')
    p.stop()
    # Not where one of them is another.
    p = proxy(None, '--upstream', up.url, '--upstream', 'gemini=' + other.url)
    n = up.arrivals
    r = send(p, 'GET', '/v1/nowhere', HEADERS['messages'])
    equal((r.status, r.get('hr-proxy')), (404, 'error'))
    equal((up.arrivals, other.arrivals), (n, 0))


def an_upstream_with_a_path():
    up = upstream()
    p = proxy(None, '--upstream', 'anthropic=%s/gate/a' % up.url,
              '--upstream', 'openai=%s/gate/o/' % up.url)
    for api, path in (('messages', '/gate/a/v1/messages?beta=true'),
                      ('chat', '/gate/o/v1/chat/completions'),
                      ('responses', '/gate/o/v1/responses')):
        post(p, api, one(api))
        equal(up.requests[-1].target, path)


def other_hosts_are_refused():
    up = upstream()
    p = proxy(up)
    for host in ('evil.example', 'evil.example:%d' % p.port,
                 '127.0.0.1.evil.example', 'localhost.evil.example',
                 '10.0.0.1'):
        r = send(p, 'POST', PATHS['chat'], HEADERS['chat'], b'{}', host)
        equal((r.status, r.whole, r.get('hr-proxy')), (421, True, 'error'),
              host)
    equal(up.arrivals, 0)
    for host in ('127.0.0.1', 'localhost', '127.0.0.1:%d' % p.port,
                 'localhost:%d' % p.port, 'LOCALHOST', '[::1]:%d' % p.port):
        r = send(p, 'POST', PATHS['chat'], HEADERS['chat'], b'{}', host)
        equal(r.status, 200, host)


def a_websocket_is_refused_with_426():
    up = upstream()
    p = proxy(up)
    r = send(p, 'GET', '/v1/responses', [
        ('Connection', 'Upgrade'), ('Upgrade', 'websocket'),
        ('Sec-WebSocket-Version', '13'),
        ('Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='),
        ('openai-beta', 'responses_websockets=2026-02-06')])
    equal((r.status, r.whole, r.get('hr-proxy'), up.arrivals),
          (426, True, 'error', 0))


def a_browser_gets_no_leave():
    """No CORS header, whatever is asked."""
    up = upstream()
    p = proxy(up)
    for method in 'OPTIONS', 'GET', 'POST':
        r = send(p, method, '/v1/messages', [
            ('Origin', 'http://evil.example'),
            ('Access-Control-Request-Method', 'POST')],
            b'{}' if method == 'POST' else None)
        equal([k for k, _ in r.headers
               if k.lower().startswith('access-control')], [])


# Framing.

def expect_100_is_answered_here():
    up = upstream()
    p = proxy(up)
    for api in APIS:
        body = one(api)
        c = Client(p.port)
        head = request_bytes('POST', PATHS[api], HEADERS[api] + [
            ('Expect', '100-continue'), ('Content-Length', str(len(body)))])
        c.send(head)
        line = c.until(b'\r\n\r\n')
        equal(line.split(b' ')[1], b'100')
        c.send(body)
        r = c.response()
        equal((r.status, r.whole), (200, True))
        equal(up.requests[-1].all('expect'), [])
        spans.compare(body, up.requests[-1].body, api)
        c.close()


def chunked_requests_are_squashed():
    up = upstream()
    p = proxy(up)
    rng = random.Random(1)
    for api in APIS:
        body = Session(api, turns=5).body(5)
        want = forwarded(p, up, api, body)
        for trailer in b'', b'x-trailer: 1\r\n':
            c = Client(p.port)
            c.send(request_bytes('POST', PATHS[api], HEADERS[api] + [
                ('Transfer-Encoding', 'chunked')]))
            at = 0
            while at < len(body):
                n = min(len(body) - at, rng.choice((1, 9, 4096, 70000)))
                c.send(b'%X;ext=1\r\n%s\r\n' % (n, body[at:at + n]))
                at += n
            c.send(b'0\r\n' + trailer + b'\r\n')
            equal(c.response().status, 200)
            same_bytes(up.requests[-1].body, want, api)
            c.close()


def one_connection_many_requests():
    """Kept alive, sent in pieces, and one behind the other."""
    up = upstream()
    p = proxy(up)
    c = Client(p.port)
    for i in range(9):
        api = APIS[i % 3]
        r = c.request('POST', PATHS[api], HEADERS[api], one(api))
        equal((r.status, r.whole), (200, True))
    data = request_bytes('POST', PATHS['chat'], HEADERS['chat'], b'{"a":1}')
    for i in range(len(data)):
        c.send(data[i:i + 1])
    equal(c.response().status, 200)
    same_bytes(up.requests[-1].body, b'{"a":1}')
    n = up.arrivals
    c.send(b''.join(request_bytes(
        'POST', PATHS[api], HEADERS[api], b'{"n":%d}' % i)
        for i, api in enumerate(APIS)))
    for api in APIS:
        equal(c.response().status, 200)
    equal([r.body for r in up.requests[n:]], [b'{"n":0}', b'{"n":1}',
                                              b'{"n":2}'])
    r = c.request('POST', PATHS['chat'], HEADERS['chat'] + [
        ('Connection', 'close')], b'{}')
    equal((r.status, c.read()), (200, False), 'closed')
    c.close()


def smuggled_requests_are_refused():
    up = upstream()
    p = proxy(up)
    post_line = b'POST /v1/messages HTTP/1.1\r\n'
    host = b'Host: 127.0.0.1\r\n'
    for bad in (
            post_line + host + b'Content-Length: 2\r\nTransfer-Encoding: '
            b'chunked\r\n\r\n0\r\n\r\n',
            post_line + host + b'Content-Length: 2\r\nContent-Length: 3'
            b'\r\n\r\n{}x',
            post_line + host + b'Content-Length: +2\r\n\r\n{}',
            post_line + host + b'Content-Length: 0x2\r\n\r\n{}',
            post_line + host + b'Content-Length: 99999999999999999999999'
            b'\r\n\r\n{}',
            post_line + host + b'Transfer-Encoding: xchunked\r\n\r\n'
            b'0\r\n\r\n',
            post_line + host + b'Content-Length : 2\r\n\r\n{}',
            post_line + host + b' X: y\r\nContent-Length: 2\r\n\r\n{}',
            post_line + host + b'X: a\r\n b\r\nContent-Length: 2\r\n\r\n{}',
            post_line + host + host + b'Content-Length: 2\r\n\r\n{}',
            post_line + b'Content-Length: 2\r\n\r\n{}',
            post_line + host + b'X: a\0b\r\nContent-Length: 2\r\n\r\n{}',
            post_line + host + b'X: a\rb\r\nContent-Length: 2\r\n\r\n{}',
            post_line.replace(b'\r', b'') + host + b'\r\n',
            b'GET http://evil.example/ HTTP/1.1\r\n' + host + b'\r\n',
            b'CONNECT evil.example:443 HTTP/1.1\r\n' + host + b'\r\n',
            b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n',
            post_line + host + b'X: ' + b'y' * 70000 + b'\r\n\r\n',
            post_line + host + b'X: y\r\n' * 200 + b'\r\n'):
        c = Client(p.port)
        try:
            c.send(bad)
            r = c.response()
            while c.read():             # and then it is closed
                pass
        except OSError:
            r = None
        if r is None or not 400 <= r.status < 600:
            raise AssertionError('%r: %s' % (bad[:120], r and r.status))
        c.close()
    equal(up.arrivals, 0, 'arrived')


def bad_chunks_do_not_arrive_whole():
    up = upstream()
    p = proxy(up)
    for bad in b'x\r\n{}\r\n0\r\n\r\n', b'3\r\n{}\r\n0\r\n\r\n', \
            b'-2\r\n{}\r\n0\r\n\r\n', b'ffffffffffffffffff\r\n{}':
        c = Client(p.port)
        c.send(request_bytes('POST', PATHS['chat'], HEADERS['chat'] + [
            ('Transfer-Encoding', 'chunked')]) + bad)
        c.sock.shutdown(socket.SHUT_WR)
        r = c.response()
        assert r.status == 0 or 400 <= r.status < 500, r.status
        c.close()
    equal(len(up.requests), 0, 'arrived')


def a_body_over_the_ceiling_streams_through():
    """Upstream sees it begin before the client has sent its end."""
    up = upstream()
    p = proxy(up, '--max-body', '8m')
    size = 24 << 20
    for chunked in False, True:
        n = up.arrivals
        c = Client(p.port)
        framing = ('Transfer-Encoding', 'chunked') if chunked else \
            ('Content-Length', str(size + 2))
        c.send(request_bytes('POST', PATHS['messages'],
                             HEADERS['messages'] + [framing]))

        def piece(b):
            c.send(b'%x\r\n%s\r\n' % (len(b), b) if chunked else b)

        piece(b'"')
        for block in made_bytes(size):
            piece(block)
        wait_for('its head upstream', lambda: up.arrivals == n + 1)
        piece(b'"')
        if chunked:
            c.send(b'0\r\n\r\n')
        r = c.response()
        equal((r.status, r.whole), (200, True))
        got = up.requests[-1].body
        equal(len(got), size + 2)
        at = 1
        for block in made_bytes(size):
            assert got[at:at + len(block)] == block, 'bytes differ'
            at += len(block)
        c.close()


def large_bodies_are_squashed():
    """Megabytes of history, an image, and still one text in it."""
    up = upstream()
    p = proxy(up)
    for api in APIS:
        o = json.loads(one(api))
        key = 'input' if api == 'responses' else 'messages'
        o[key].insert(0, {'role': 'user', 'content': 'x' * (6 << 20)})
        body = json.dumps(o).encode()
        texts = spans.compare(body, forwarded(p, up, api, body), api)
        equal([t.changed for t in texts], [True], api)


# TLS.

def openssl(*args):
    subprocess.run(['openssl', *args], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def certificate(name='127.0.0.1', san='IP:127.0.0.1'):
    """A CA's certificate, and one with its key that it signed."""
    new = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1',
           '-nodes']
    openssl('req', '-x509', *new, '-keyout', 'ca.key', '-out', 'ca.pem',
            '-days', '2', '-subj', '/CN=made CA', '-addext',
            'keyUsage=critical,keyCertSign')
    openssl('req', *new, '-keyout', 'up.key', '-out', 'up.csr', '-subj',
            '/CN=' + name)
    with open('ext', 'w') as f:
        f.write('subjectAltName=%s\n' % san)
    openssl('x509', '-req', '-in', 'up.csr', '-CA', 'ca.pem', '-CAkey',
            'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'ext',
            '-out', 'up.pem')
    return 'up.pem', 'up.key'


def tls_to_an_upstream_of_a_known_ca():
    up = upstream(tls=certificate())
    p = proxy(up, '--ca-file', 'ca.pem')
    for api in APIS:
        texts = spans.compare(one(api), forwarded(p, up, api, one(api)), api)
        equal([t.changed for t in texts], [True])
    p.stop()
    # Not known, no request.
    n = up.arrivals
    p = proxy(up)
    for api in APIS:
        r = send(p, 'POST', PATHS[api], HEADERS[api], one(api))
        equal((r.status, up.arrivals), (502, n), 'unknown CA')


def tls_to_another_name_is_refused():
    up = upstream(tls=certificate('other.example', 'DNS:other.example'))
    p = proxy(up, '--ca-file', 'ca.pem')
    for api in APIS:
        r = send(p, 'POST', PATHS[api], HEADERS[api], one(api))
        equal((r.status, up.arrivals), (502, 0), 'another name')
