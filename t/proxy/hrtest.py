"""hrtest.py - what the tests of hr-proxy share

    up = upstream()
    p = proxy(up)                       # hr-proxy with a store in state/
    r = send(p, 'POST', '/v1/messages', headers, body)
    r.status, r.headers, r.body, r.whole
    up.requests[-1].body

A test runs in an empty folder of its own; what it starts is stopped by
run.py.  Nothing sleeps for a time and hopes: wait_for() waits for a fact.
"""
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import time

import sessions
import spans
from upstream import Upstream

HERE = os.path.dirname(os.path.abspath(__file__))
PATIENCE = 30.0         # seconds until a fact is given up
running = []            # of Proxy and Upstream, for stop_all()
started = []            # every Proxy, for names of files


def wait_for(what, fact, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while True:
        v = fact()
        if v:
            return v
        if time.monotonic() > end:
            raise AssertionError('waited in vain: ' + what)
        time.sleep(0.003)


def equal(got, want, what='value'):
    if got != want:
        raise AssertionError('%s: %.1500r, not %.1500r' % (what, got, want))


def same_bytes(got, want, what='bytes'):
    try:
        spans.same(want, got)
    except AssertionError as e:
        raise AssertionError('%s: %s' % (what, e)) from None


def upstream(folder=None, tls=None):
    u = Upstream(folder, tls)
    running.append(u)
    return u


# The proxy.

class Proxy:
    def __init__(self, args, env, wrap):
        self.n = len(started)
        started.append(self)
        self.port_file = 'port.%d' % self.n
        self.err_file = 'stderr.%d' % self.n
        if os.path.exists(self.port_file):
            os.unlink(self.port_file)
        command = wrap + shlex.split(os.environ.get('HR_PROXY', 'hr-proxy'))
        command += ['--listen', '127.0.0.1:0', '--port-file',
                    self.port_file] + args
        with open(self.err_file, 'wb') as err:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stderr=err,
                stdout=subprocess.DEVNULL, env=dict(os.environ, **env))
        self.pid = self.process.pid
        running.append(self)
        self.port = wait_for('the port of hr-proxy', self.listening)
        self.url = 'http://127.0.0.1:%d' % self.port

    def listening(self):
        if self.process.poll() is not None:
            raise AssertionError('hr-proxy ended: ' + self.stderr())
        try:
            with open(self.port_file) as f:
                text = f.read()
        except FileNotFoundError:
            return None
        return int(text) if text.endswith('\n') else None

    def stderr(self):
        with open(self.err_file, 'rb') as f:
            return f.read().decode('utf-8', 'replace')

    def fds(self):
        return len(os.listdir('/proc/%d/fd' % self.pid))

    def stop(self):
        """End it in good order; a crash or a leak that it tells fails."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(PATIENCE)
        running.remove(self)
        err = self.stderr()
        if status != 0 or 'Sanitizer' in err or 'runtime error' in err:
            raise AssertionError('hr-proxy: exit %d: %.3000s' % (status, err))

    def kill(self):
        self.process.kill()
        self.process.wait()
        running.remove(self)


def proxy(up, *args, retrieval='shell', env=None, wrap=()):
    """Start one; up is an Upstream, another Proxy, or None."""
    args = list(args)
    if up is not None:
        args += ['--upstream', up.url]
    if retrieval:
        args += ['--retrieval', retrieval]
    return Proxy(args, env or {}, list(wrap))


def stop_all(kill):
    """The proxies first, so that they can end what they do."""
    for p in [p for p in running if isinstance(p, Proxy)]:
        p.kill() if kill else p.stop()
    for u in [u for u in running if isinstance(u, Upstream)]:
        u.close()


def refused(*args):
    """What hr-proxy says that does not start: its exit and its words."""
    command = shlex.split(os.environ.get('HR_PROXY', 'hr-proxy'))
    r = subprocess.run(command + list(args), stdin=subprocess.DEVNULL,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       timeout=PATIENCE)
    return r.returncode, r.stderr.decode('utf-8', 'replace')


# A client that knows what it read.

class Response:
    status = 0
    reason = ''
    whole = False           # ended as its framing says
    head = b''
    body = b''
    interim = 0             # 100 Continue, that came before

    def __init__(self):
        self.headers = []

    def all(self, name):
        return [v for k, v in self.headers if k.lower() == name]

    def get(self, name, default=None):
        return (self.all(name) or [default])[0]

    def json(self):
        return json.loads(self.body)


class Client:
    """One connection, of which the test says what goes over it."""

    def __init__(self, port, timeout=PATIENCE):
        self.sock = socket.create_connection(('127.0.0.1', port), timeout)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.have = b''
        self.ended = False

    def close(self):
        self.sock.close()

    def send(self, data):
        self.sock.sendall(data)

    def read(self):
        """More bytes into have; false at the end."""
        if self.ended:
            return False
        try:
            piece = self.sock.recv(1 << 16)
        except ConnectionResetError:
            piece = b''
        self.have += piece
        self.ended = not piece
        return not self.ended

    def until(self, end):
        while end not in self.have:
            if not self.read():
                return None
        part, _, self.have = self.have.partition(end)
        return part + end

    def exactly(self, n):
        while len(self.have) < n:
            if not self.read():
                break
        part, self.have = self.have[:n], self.have[n:]
        return part

    def head(self):
        r = Response()
        while True:
            head = self.until(b'\r\n\r\n')
            if head is None:
                return r
            lines = head.decode('latin-1').split('\r\n')
            status = int(lines[0].split(' ')[1])
            if status != 100:
                break
            r.interim += 1
        r.status, r.head = status, head
        r.reason = lines[0].split(' ', 2)[2]
        for line in lines[1:]:
            if line:
                name, _, value = line.partition(':')
                r.headers.append((name, value.strip()))
        return r

    def next_chunk(self):
        """A chunk's bytes, b'' for the last; None: cut off."""
        line = self.until(b'\r\n')
        if line is None:
            return None
        n = int(line.split(b';')[0], 16)
        part = self.exactly(n)
        if len(part) < n or self.until(b'\r\n') is None:
            return None
        return part

    def response(self, method='POST'):
        r = self.head()
        if r.status == 0:
            return r
        if method == 'HEAD' or r.status in (101, 204, 304):
            r.whole = True
        elif 'chunked' in r.get('transfer-encoding', '').lower():
            parts = []
            while True:
                part = self.next_chunk()
                if not part:
                    break
                parts.append(part)
            r.body, r.whole = b''.join(parts), part == b''
        elif r.get('content-length') is not None:
            n = int(r.get('content-length'))
            r.body = self.exactly(n)
            r.whole = len(r.body) == n
        else:
            while self.read():
                pass
            r.body, self.have = self.have, b''
            r.whole = True
        return r

    def request(self, method, path, headers=(), body=None, host=None):
        self.send(request_bytes(method, path, headers, body, host))
        return self.response(method)


class Reader:
    """A body as it comes, however it is framed."""

    def __init__(self, client):
        self.c = client
        self.r = client.head()
        self.chunked = 'chunked' in self.r.get('transfer-encoding', '')
        self.body = b''

    def ends(self):
        """Whether the body ends as its framing says."""
        if not self.chunked:
            n = int(self.r.get('content-length'))
            return len(self.c.exactly(n)) == n
        while True:
            part = self.c.next_chunk()
            if not part:
                return part is not None

    def need(self, n):
        """Read until n bytes of the body are here."""
        while len(self.body) < n:
            if self.chunked:
                part = self.c.next_chunk()
                assert part, 'the stream ended'
            else:
                assert self.c.have or self.c.read(), 'the stream ended'
                part, self.c.have = self.c.have, b''
            self.body += part
        return self.body


def request_bytes(method, path, headers=(), body=None, host=None):
    """The bytes of a request; its length is said unless a header says."""
    head = ['%s %s HTTP/1.1' % (method, path),
            'Host: %s' % (host or '127.0.0.1')]
    names = [k.lower() for k, _ in headers]
    head += ['%s: %s' % h for h in headers]
    if body is not None and not {'content-length',
                                 'transfer-encoding'} & set(names):
        head.append('Content-Length: %d' % len(body))
    return ('\r\n'.join(head) + '\r\n\r\n').encode('latin-1') + (body or b'')


def send(p, method, path, headers=(), body=None, host=None):
    """One request on a connection of its own."""
    c = Client(p.port)
    try:
        return c.request(method, path, list(headers), body, host)
    finally:
        c.close()


def post(p, api, body, headers=()):
    """A request as an agent of this API sends it; it must be answered."""
    have = {k.lower() for k, _ in headers}
    hs = [h for h in sessions.HEADERS[api] if h[0].lower() not in have]
    r = send(p, 'POST', sessions.PATHS[api], hs + list(headers), body)
    equal((r.status, r.whole), (200, True), 'answer')
    return r


def forwarded(p, up, api, body, headers=()):
    """What upstream gets for this body."""
    n = len(up.requests)
    post(p, api, body, headers)
    equal(len(up.requests), n + 1, 'arrivals')
    return up.requests[-1].body


# Markers and the store.

def marker_regex():
    out = subprocess.run(['hr-ccr', '--marker-regex'],
                         stdout=subprocess.PIPE, check=True).stdout.decode()
    return re.compile(out.rstrip('\n'))


def new_marks(text):
    """Marks in a Text that are not the client's own."""
    found = marker_regex().finditer(text.after)
    return [m for m in found if m.group(0) not in text.before]


def ids(text):
    return [m.group(1) for m in new_marks(text) if m.group(1)]


def redeem(ident, *args):
    r = subprocess.run(['hr-ccr', 'get', *args, ident],
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if r.returncode:
        raise AssertionError('hr-ccr get %s: %s' % (ident, r.stderr))
    return r.stdout


def raw(text):
    return text.encode('utf-8', 'surrogatepass')


def counts(texts):
    """Tokens of each, by hr-count."""
    names = []
    for i, t in enumerate(texts):
        names.append('count.%d' % i)
        with open(names[-1], 'wb') as f:
            f.write(raw(t))
    out = subprocess.run(['hr-count', '--json'] + names, check=True,
                         stdout=subprocess.PIPE).stdout
    for n in names:
        os.unlink(n)
    return [json.loads(line)['tokens'] for line in
            out.decode().splitlines()][:len(names)]


def ledger(path='ledger'):
    with open(path, 'rb') as f:
        data = f.read()
    return [json.loads(line) for line in data.splitlines()]


def ledger_lines(n, path='ledger'):
    """The ledger, once it has n lines (they come after the responses)."""
    wait_for('%d lines in the ledger' % n, lambda: os.path.exists(path) and
             open(path, 'rb').read().count(b'\n') >= n)
    lines = ledger(path)
    equal(len(lines), n, 'lines in the ledger')
    return lines
