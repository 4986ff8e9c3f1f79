"""test_http.py - the HTTP hop: answers, headers, streams, encodings

T-STATUS, T-STREAM, T-ENC.
"""
import gzip
import json
import socket
import struct
import threading
import zlib

from hrtest import (PATIENCE, Client, Reader, equal, forwarded, ledger_lines,
                    post, proxy, request_bytes, same_bytes, send, upstream,
                    wait_for)
from sessions import APIS, HEADERS, PATHS, Session, one
from upstream import made_bytes, sse

# What belongs to one hop, or is made anew for the next.
OWN = {'connection', 'keep-alive', 'proxy-connection', 'te', 'trailer',
       'transfer-encoding', 'upgrade', 'content-length', 'host', 'expect'}


def lasting(headers):
    return [(k, v) for k, v in headers if k.lower() not in OWN]


# Status, headers and bodies of answers.

ERRORS = {
    400: {'type': 'error', 'error': {'type': 'invalid_request_error',
                                     'message': 'Extra inputs: \u00e9'}},
    401: {'type': 'error', 'error': {'type': 'authentication_error'}},
    402: {}, 403: {}, 404: {'type': 'error'}, 409: {},
    413: {'type': 'error', 'error': {'type': 'request_too_large'}},
    422: {}, 429: {'error': {'type': 'rate_limit_error'}},
    500: {'type': 'error', 'error': {'type': 'api_error'}}, 502: {},
    503: {'error': 'overloaded'}, 504: {},
    529: {'type': 'error', 'error': {'type': 'overloaded_error'}}}


def answers_come_verbatim():
    up = upstream()
    p = proxy(up)
    arrivals = 0
    for api in APIS:
        body = one(api)
        for status in [200, 201, 299] + list(ERRORS):
            text = json.dumps(ERRORS.get(status, {'a': 1.0}), indent=1,
                              ensure_ascii=False)
            hs = [['Retry-After', '7'], ['x-ODD-Case', ' a  b, c'],
                  ['set-cookie', 'a=1'], ['set-cookie', 'b=2'],
                  ['x-empty', ''], ['Content-Type', 'application/x-%d'
                                    % status],
                  ['date', 'Thu, 01 Jan 1970 00:00:00 GMT'],
                  ['server', 'made'], ['x-latin', '\u00e9']]
            answer = {'status': status, 'reason': 'So %d' % status,
                      'headers': hs, 'body': text,
                      'chunked': status % 2 == 1}
            up.plan.append(answer)
            r = send(p, 'POST', PATHS[api], HEADERS[api], body)
            arrivals += 1
            equal((r.status, r.reason, r.whole),
                  (status, 'So %d' % status, True))
            equal(lasting(r.headers), [(k, v.strip()) for k, v in hs],
                  'headers of %d' % status)
            same_bytes(r.body, text.encode(), 'body of %d' % status)
            equal(up.arrivals, arrivals, 'arrivals of %d' % status)


def errors_in_a_stream_come_as_they_are():
    """An error after 200, and a body that is no JSON, nor text."""
    up = upstream()
    p = proxy(up)
    for api in APIS:
        for body in (b'event: error\ndata: {"type":"error","error":{"type":'
                     b'"overloaded_error"}}\n\n', b'data: {"x"', b'\r\r\n: c',
                     b'', b'\xff\x00\xfe', bytes(range(256)) * 999):
            for chunked in True, False:
                up.plan.append({
                    'headers': [['content-type', 'text/event-stream']],
                    'body': body, 'chunked': chunked})
                r = send(p, 'POST', PATHS[api], HEADERS[api],
                         one(api, stream=True))
                equal((r.status, r.whole), (200, True))
                same_bytes(r.body, body, api)


def without_a_body():
    up = upstream()
    p = proxy(up)
    for status in 204, 304:
        up.plan.append({'raw': 'HTTP/1.1 %d No\r\nx-a: b\r\n\r\n' % status})
        r = send(p, 'POST', PATHS['chat'], HEADERS['chat'], one('chat'))
        equal((r.status, r.body), (status, b''))
        equal(r.get('x-a'), 'b')
    r = send(p, 'HEAD', '/', HEADERS['messages'])
    equal((r.status, r.body, up.requests[-1].method), (200, b'', 'HEAD'))
    r = send(p, 'GET', '/v1/models', HEADERS['messages'])
    equal(r.json()['data'][0]['id'], 'made-1')
    r = send(p, 'DELETE', '/v1/responses/resp_1?x=%2F', HEADERS['responses'])
    equal((r.status, up.requests[-1].method, up.requests[-1].target),
          (200, 'DELETE', '/v1/responses/resp_1?x=%2F'))


def broken_answers_are_not_mended():
    """Closed or reset before the head, within it, or in the body."""
    up = upstream()
    p = proxy(up, '--ledger', 'ledger')
    sent = cut = 0
    for api in APIS:
        for stream in True, False:
            request = request_bytes('POST', PATHS[api], HEADERS[api],
                                    one(api, stream=stream))
            for where in 'before', 'head', 'body':
                for how in 'close', 'reset':
                    # So that it is a connection of its own.
                    up.plan.append({'json': {}, 'close': True})
                    post(p, api, one(api))
                    n = up.arrivals
                    seen = threading.Event()
                    up.plan.append(broken(where, how, stream, seen))
                    c = Client(p.port)
                    c.send(request)
                    r = Reader(c)
                    seen.set()
                    what = '%s, %s %s' % (api, how, where)
                    if where == 'body':
                        equal((r.r.status, r.ends()), (200, False), what)
                        cut += 1
                    else:
                        equal((r.r.status, r.ends()), (502, True), what)
                    c.close()
                    sent += 2
                    equal(up.arrivals - n, 1, 'arrivals, ' + what)
    lines = ledger_lines(sent)
    equal(sum(e.get('cut', False) and e['status'] == 200 for e in lines),
          cut, 'cut in the ledger')


def broken(where, how, chunked, seen):
    """An answer; a reset throws away what was not yet read, so it waits."""
    if where != 'body':
        return {'body': 'x' * 4000, 'break': [where, how],
                'chunked': chunked}

    def answer(req, conn):
        conn.send(b'HTTP/1.1 200 OK\r\n' + (
            b'transfer-encoding: chunked\r\n\r\n' if chunked else
            b'content-length: 4000\r\n\r\n'))
        conn.chunk(b'x' * 99) if chunked else conn.send(b'x' * 99)
        if seen.wait(PATIENCE) and how == 'reset':
            conn.reset()
        return False

    return answer


def interim_answers_are_not_final():
    up = upstream()
    p = proxy(up)
    up.plan.append({'raw': 'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n'
                    'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'})
    c = Client(p.port)
    c.send(request_bytes('POST', PATHS['chat'], HEADERS['chat'],
                         one('chat')))
    r = c.head()
    if r.status == 103:
        r = c.head()
    equal((r.status, c.exactly(2)), (200, b'{}'))
    c.close()


def stale_connections_are_replaced():
    """Upstream closes what is kept: the next request arrives once."""
    up = upstream()
    p = proxy(up)
    for api in APIS:
        for _ in range(5):
            post(p, api, one(api))
            n = up.arrivals
            up.drop_connections()
            wait_for('connections closed', lambda: up.open == 0)
            post(p, api, one(api))
            equal(up.arrivals, n + 1, 'arrivals')


def kept_connections_are_used_again():
    up = upstream()
    p = proxy(up)
    for i in range(20):
        post(p, 'chat', one('chat'))
    equal(up.connections, 1, 'connections')


def what_may_have_arrived_is_not_sent_again():
    """Reset on a kept connection, once the request was read whole."""
    up = upstream()
    p = proxy(up)
    for api in APIS:
        for how in 'close', 'reset':
            post(p, api, one(api))
            n = up.arrivals
            up.plan.append({'break': ['before', how]})
            r = send(p, 'POST', PATHS[api], HEADERS[api], one(api))
            equal((r.status, up.arrivals), (502, n + 1), 'arrivals')


def nobody_listens():
    """An upstream that is not there, then is."""
    s = socket.create_server(('127.0.0.1', 0))
    port = s.getsockname()[1]
    s.close()
    p = proxy(None, '--upstream', 'http://127.0.0.1:%d' % port)
    for api in APIS:
        r = send(p, 'POST', PATHS[api], HEADERS[api], one(api))
        equal((r.status, r.whole, r.get('hr-proxy')), (502, True, 'error'))
        json.loads(r.body)


def redirects_are_not_followed():
    up, other = upstream(), upstream()
    p = proxy(up)
    for status in 301, 302, 307, 308:
        up.plan.append({'status': status,
                        'headers': [['location', other.url + '/x']]})
        r = send(p, 'POST', PATHS['chat'], HEADERS['chat'], one('chat'))
        equal((r.status, r.get('location')), (status, other.url + '/x'))
    equal(other.arrivals, 0, 'followed')


# Headers of requests.

def request_headers_come_verbatim():
    up = upstream()
    p = proxy(up)
    odd = [('X-ODD-case', 'a  b,  c'), ('accept-encoding', 'gzip, br, zstd'),
           ('x-twice', '1'), ('X-Twice', '2'), ('x-empty', ''),
           ('cookie', 'a=b; c=d'), ('anthropic-beta', 'a,b'),
           ('anthropic-beta', 'c'), ('x-forwarded-for', '10.0.0.1'),
           ('x-latin', '\u00e9'), ('x-long', 'y' * 8000)]
    for api in APIS:
        for body in one(api), b'{}', b'z' * (3 << 20):
            hs = [h for h in HEADERS[api]] + odd
            post(p, api, body, odd)
            want = [h for h in HEADERS[api]
                    if h[0].lower() not in {k.lower() for k, _ in odd}] + odd
            equal(lasting(up.requests[-1].headers), want, api)
            equal(up.requests[-1].all('host'), [up.url.split('//')[1]])
            equal(up.requests[-1].all('expect'), [], 'Expect upstream')
    # None that curl or others add of their own.
    send(p, 'POST', PATHS['chat'], [], b'{}')
    equal(lasting(up.requests[-1].headers), [], 'headers added')
    send(p, 'GET', '/v1/models', [])
    equal([k.lower() for k, _ in up.requests[-1].headers
           if k.lower() not in ('host', 'connection')], [], 'headers added')


def headers_of_one_hop_stay_here():
    up = upstream()
    p = proxy(up)
    hs = [('Connection', 'x-mine, close'), ('x-mine', '1'), ('TE', 'trailers'),
          ('Keep-Alive', 'timeout=9'), ('Proxy-Connection', 'close'),
          ('Trailer', 'x'), ('x-theirs', '2')]
    post(p, 'chat', one('chat'), hs)
    names = {k.lower() for k, _ in up.requests[-1].headers}
    equal(names & {'x-mine', 'te', 'keep-alive', 'proxy-connection',
                   'trailer'}, set(), 'hop-by-hop headers')
    equal('x-theirs' in names, True)


# Streams.

def dripped(p, up, send_piece, start, pieces, request):
    """Each piece is sent when the client has seen all before it."""
    seen = [threading.Event() for _ in pieces]
    late = []

    def answer(req, conn):
        conn.send(start)
        for i, piece in enumerate(pieces):
            send_piece(conn, piece)
            if not seen[i].wait(20):
                late.append(i)
                return False
        if send_piece is not raw_piece:
            conn.send(b'0\r\n\r\n')
        return b'connection: close' not in start

    up.plan.append(answer)
    c = Client(p.port)
    c.send(request)
    try:
        r = Reader(c)
        if r.r.status != 200:
            raise AssertionError('%d: %r' % (r.r.status, c.have))
        want = b''
        for i, piece in enumerate(pieces):
            want += piece
            same_bytes(r.need(len(want)), want, 'stream')
            seen[i].set()
    except (AssertionError, OSError):
        assert not late, 'piece %d came only with the next' % late[0]
        raise
    finally:
        c.close()
    return r.r


def raw_piece(conn, piece):
    conn.send(piece)


def chunk_piece(conn, piece):
    conn.chunk(piece)


def events_come_one_by_one():
    """The client sees each event before upstream sends the next."""
    from upstream import (chat_events, messages_events, responses_events)
    up = upstream()
    p = proxy(up)
    makers = {'messages': messages_events, 'chat': chat_events,
              'responses': responses_events}
    start = (b'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n'
             b'transfer-encoding: chunked\r\n\r\n')
    for api in APIS:
        for body in one(api), Session(api, turns=12).body(12):
            o = json.loads(body)
            pieces = sse(makers[api](o))
            pieces.insert(1, b': a comment\n\n')
            r = dripped(p, up, chunk_piece, start, pieces,
                        request_bytes('POST', PATHS[api], HEADERS[api],
                                      body))
            equal(r.get('content-type'), 'text/event-stream')


def bytes_come_one_by_one():
    """Any framing, any kind of body, on any path."""
    up = upstream()
    p = proxy(up)
    text = b'event: x\ndata: {"a":"\xc3\xa9"}\n\n'
    pieces = [text[i:i + 1] for i in range(len(text))]
    head = b'HTTP/1.1 200 OK\r\ncontent-type: %s\r\n%s\r\n'
    for kind in b'text/event-stream', b'application/json', b'image/png':
        for extra, how in (
                (b'transfer-encoding: chunked\r\n', chunk_piece),
                (b'content-length: %d\r\n' % len(text), raw_piece),
                (b'connection: close\r\n', raw_piece)):
            for request in (
                    request_bytes('POST', PATHS['messages'],
                                  HEADERS['messages'], one('messages')),
                    request_bytes('GET', '/v1/models', HEADERS['chat'])):
                dripped(p, up, how, head % (kind, extra), pieces, request)


def heads_come_before_bodies():
    """A client that reads only the head is not kept waiting."""
    up = upstream()
    p = proxy(up)
    go = threading.Event()

    def answer(req, conn):
        conn.send(b'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
        if not go.wait(20):
            return False
        conn.chunk(b'{}')
        conn.send(b'0\r\n\r\n')

    up.plan.append(answer)
    c = Client(p.port)
    c.send(request_bytes('POST', PATHS['chat'], HEADERS['chat'], one('chat')))
    equal(c.head().status, 200)
    go.set()
    equal(c.next_chunk(), b'{}')
    c.close()


def a_slow_reader_slows_only_itself():
    """100 MB for one who does not read; others are served; nothing lost."""
    up = upstream()
    p = proxy(up)
    size = 100 << 20
    up.plan.append({'big': size, 'headers': [['content-type', 'x/y']]})
    c = Client(p.port)
    c.send(request_bytes('POST', PATHS['chat'], HEADERS['chat'], one('chat')))
    r = c.head()
    equal(r.get('content-length'), str(size))
    for api in APIS:
        post(p, api, one(api))
    peak = memory_peak(p)
    n = 0
    for block in made_bytes(size):
        part = c.exactly(len(block))
        assert part == block, 'bytes differ after %d' % n
        n += len(block)
    c.close()
    assert peak < 400 << 20, 'the proxy took %d bytes' % peak


def memory_peak(p):
    with open('/proc/%d/status' % p.pid) as f:
        return [int(line.split()[1]) << 10 for line in f
                if line.startswith('VmHWM:')][0]


# Encodings.

def zstd_blocks(blocks):
    """A frame as Codex sends it: 2 MiB window, no size, no checksum."""
    out = [b'\x28\xb5\x2f\xfd\x00\x58']
    for i, (kind, size, data) in enumerate(blocks):
        last = i == len(blocks) - 1
        out.append(struct.pack('<I', last | kind << 1 | size << 3)[:3])
        out.append(data)
    return b''.join(out)


def zstd_raw(body):
    pieces = [body[i:i + 100000] for i in range(0, len(body), 100000)]
    return zstd_blocks([(0, len(x), x) for x in pieces])


def brotli_raw(body):
    """Meta-blocks that are not compressed (RFC 7932, 9.2)."""
    out = b''
    for i in range(0, len(body), 65536):
        part = body[i:i + 65536]
        shift = 1 if i == 0 else 0      # the window's size comes first
        bits = (len(part) - 1) << (3 + shift) | 1 << (19 + shift)
        out += struct.pack('<I', bits)[:3] + part
    return out + b'\x03'


def raw_deflate(body):
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    return c.compress(body) + c.flush()


ENCODERS = {
    'gzip': gzip.compress, 'x-gzip': gzip.compress, 'GZIP': gzip.compress,
    'deflate': zlib.compress, 'zstd': zstd_raw, 'br': brotli_raw,
    'identity': bytes}


def encoded_requests_are_squashed():
    up = upstream()
    p = proxy(up)
    for api in APIS:
        body = Session(api, turns=5).body(5)
        want = forwarded(p, up, api, body)
        for name, encode in list(ENCODERS.items()) + [
                ('deflate', raw_deflate),
                ('gzip', lambda b: gzip.compress(b[:99]) +
                 gzip.compress(b[99:])),
                ('zstd', lambda b: zstd_raw(b[:99]) + zstd_raw(b[99:]))]:
            got = forwarded(p, up, api, encode(body),
                            [('Content-Encoding', name)])
            same_bytes(got, want, '%s, %s' % (api, name))
            equal([e for e in up.requests[-1].all('content-encoding')
                   if e != 'identity'], [], name)
            equal(up.requests[-1].get('content-length'), str(len(got)))


def what_cannot_be_decoded_passes():
    """Header and body stay together, and both as they came."""
    up = upstream()
    p = proxy(up)
    for api in APIS:
        body = one(api)
        packed = gzip.compress(body)
        for name, data in (
                ('x-unknown', body), ('gzip, gzip', gzip.compress(packed)),
                ('gzip', packed[:-9]), ('gzip', packed[:40]),
                ('gzip', body), ('gzip', b''), ('zstd', b'\x28\xb5\x2f\xfd'),
                ('zstd', zstd_raw(body)[:-3]), ('br', brotli_raw(body)[:-9]),
                ('deflate', b'\xff' * 50), ('gzip', packed[:-8] + b'\0' * 8)):
            same_bytes(forwarded(p, up, api, data,
                                 [('Content-Encoding', name)]), data, name)
            equal(up.requests[-1].all('content-encoding'), [name])


def bombs_do_not_go_off():
    """Gigabytes in kilobytes: passed on as they are, memory bounded."""
    up = upstream()
    p = proxy(up)
    z = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b''.join(z.compress(bytes(1 << 20)) for _ in range(150))
    bombs = {'zstd': zstd_blocks([(1, 1 << 17, b' ')] * 65536),   # 8 GiB
             'gzip': packed + z.flush()}
    for api in APIS[::2]:
        for name, data in bombs.items():
            same_bytes(forwarded(p, up, api, data,
                                 [('Content-Encoding', name)]), data, name)
            equal(up.requests[-1].all('content-encoding'), [name])
    peak = memory_peak(p)
    assert peak < 600 << 20, 'the proxy took %d bytes' % peak


def encoded_answers_come_encoded():
    up = upstream()
    p = proxy(up, '--ledger', 'ledger')
    n = 0
    for api in APIS:
        for stream in False, True:
            body = one(api, stream=stream)
            plain = post(p, api, body).body
            packed = gzip.compress(plain, mtime=0)
            for name, data in (('gzip', packed), ('GZip', packed),
                               ('deflate', zlib.compress(plain)),
                               ('br', b'\x0b\x02\x80hello\x03'),
                               ('zstd', zstd_raw(plain)),
                               ('gzip', packed[:-9]), ('gzip', plain),
                               ('x-unknown', plain)):
                kind = 'text/event-stream' if stream else 'application/json'
                up.plan.append({
                    'headers': [['content-type', kind],
                                ['content-encoding', name]],
                    'body': data, 'chunked': stream})
                r = post(p, api, body, [('accept-encoding', 'gzip, br')])
                equal(r.all('content-encoding'), [name])
                equal(up.requests[-1].get('accept-encoding'), 'gzip, br')
                same_bytes(r.body, data, '%s, %s' % (api, name))
            n += 9
    ledger_lines(n)
