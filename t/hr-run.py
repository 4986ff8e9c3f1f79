#!/usr/bin/env python3
"""hr-run.py - hr-run with a terminal, and as a job: hr-run.py TEST

Each test is a function, run in a new folder of its name.  Exit 0: it held.
"""
import faulthandler
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time

PATIENCE = 60           # seconds for what takes none


class Terminal:
    """A command with a terminal, and a person before it."""

    def __init__(self, *argv, **files):
        """files: numbers of descriptors as words (one='out'), and paths."""
        self.seen = b''
        self.status = None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                for word, path in files.items():
                    f = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
                    os.dup2(f, ('zero', 'one', 'two').index(word))
                os.execvp(argv[0], argv)
            finally:
                os._exit(99)

    def type(self, keys):
        os.write(self.fd, keys)

    def read(self, seconds):
        """False at the end of what is shown."""
        if self.fd in select.select([self.fd], [], [], seconds)[0]:
            try:
                more = os.read(self.fd, 65536)
            except OSError:
                more = b''
            self.seen += more
            return more != b''
        return True

    def until(self, text):
        end = time.monotonic() + PATIENCE
        while text not in self.seen:
            assert self.read(0.1) or text in self.seen, self.seen
            assert time.monotonic() < end, self.seen

    def end(self):
        """How it ended; all it showed is in seen."""
        end = time.monotonic() + PATIENCE
        while self.read(0.05):
            assert time.monotonic() < end, self.seen
            if self.status is None:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                self.status = status if pid else None
            elif not select.select([self.fd], [], [], 0.2)[0]:
                break
        if self.status is None:
            self.status = os.waitpid(self.pid, 0)[1]
        return os.waitstatus_to_exitcode(self.status)

    def modes(self):
        return termios.tcgetattr(self.fd)

    def resize(self, rows, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack('HHHH', rows, columns, 0, 0))


def wait_for(test):
    end = time.monotonic() + PATIENCE
    while not test():
        assert time.monotonic() < end
        time.sleep(0.01)


def text(path):
    with open(path, 'rb') as f:
        return f.read()


def state(pid):
    """A letter: R, S, T, ..."""
    with open('/proc/%d/stat' % pid) as f:
        return f.read().rpartition(')')[2].split()[0]


def pid_in(path):
    wait_for(lambda: os.path.exists(path) and text(path).endswith(b'\n'))
    return int(text(path))


# Without a terminal of its own.

def on_a_terminal_too_the_text_comes_at_the_end():
    t = Terminal('hr-run', 'sh', '-c', 'test -t 1 || seq 300 | '
                 'jq -c -n "[inputs | {id: ., state: 1}]"')
    assert t.end() == 0
    assert b' of 300 rows shown, complete output: hr-ccr get ' in t.seen


def errors_stay_on_a_terminal_that_is_theirs():
    t = Terminal('hr-run', '--no-live', 'sh', '-c', 'test -t 2 && '
                 'echo err >&2; echo out; test ! -t 1; read x', one='out')
    t.until(b'err')
    assert text('out') == b''
    t.type(b'\n')
    assert t.end() == 0
    assert text('out') == b'out\n'
    assert b'out' not in t.seen


def a_typed_interrupt_comes_once():
    script = ('trap "echo >>got" INT; echo >ready; '
              'until [ -e go ]; do sleep 0.05; done; sleep 0.5')
    t = Terminal('hr-run', 'sh', '-c', script)
    wait_for(lambda: os.path.exists('ready'))
    # Two at once would be taken for one: hr-run is to be late.
    os.kill(t.pid, signal.SIGSTOP)
    wait_for(lambda: state(t.pid) == 'T')
    t.type(b'\x03')
    wait_for(lambda: os.path.exists('got'))
    os.kill(t.pid, signal.SIGCONT)
    with open('go', 'w'):
        pass
    assert t.end() == 0
    assert text('got') == b'\n'


def a_typed_interrupt_ends_both():
    t = Terminal('hr-run', 'sh', '-c', 'echo before; echo >ready; '
                 'exec sleep 1000')
    wait_for(lambda: os.path.exists('ready'))
    t.type(b'\x03')
    assert t.end() == -signal.SIGINT
    assert b'before' in t.seen


def a_job_is_stopped_and_goes_on():
    t = Terminal('bash', '--norc', '-i')
    t.type(b"PS1='$ '; hr-run sh -c 'echo $$ >pid; read x; echo got $x'\n")
    pid = pid_in('pid')
    t.type(b'\x1a')
    t.until(b'Stopped')
    assert state(pid) == 'T'
    t.type(b'fg\n')
    wait_for(lambda: state(pid) != 'T')
    t.type(b'word\n')
    t.until(b'got word')
    t.type(b'exit\n')
    assert t.end() == 0


def a_signal_stops_both():
    p = subprocess.Popen(['hr-run', 'sh', '-c', 'echo $$ >pid; sleep 1000'],
                         preexec_fn=os.setpgrp)
    pid = pid_in('pid')
    os.kill(p.pid, signal.SIGTSTP)
    status = os.waitpid(p.pid, os.WUNTRACED)[1]
    assert os.WIFSTOPPED(status) and os.WSTOPSIG(status) == signal.SIGTSTP
    wait_for(lambda: state(pid) == 'T')
    os.kill(p.pid, signal.SIGCONT)
    wait_for(lambda: state(pid) != 'T')
    # Nor is one stopped without the other.
    os.kill(pid, signal.SIGTSTP)
    assert os.WIFSTOPPED(os.waitpid(p.pid, os.WUNTRACED)[1])
    os.kill(p.pid, signal.SIGCONT)
    wait_for(lambda: state(pid) != 'T')
    os.kill(p.pid, signal.SIGTERM)
    assert p.wait() == -signal.SIGTERM


def in_a_terminal_of_its_own_too():
    p = subprocess.Popen(['hr-run', '--pty', 'sh', '-c', 'echo $$ >pid; '
                          'exec sleep 1000'], preexec_fn=os.setpgrp)
    pid = pid_in('pid')
    os.kill(p.pid, signal.SIGTSTP)
    assert os.WIFSTOPPED(os.waitpid(p.pid, os.WUNTRACED)[1])
    wait_for(lambda: state(pid) == 'T')
    os.kill(p.pid, signal.SIGCONT)
    wait_for(lambda: state(pid) != 'T')
    # Who holds the command alone may not know us, to let us go.
    os.kill(pid, signal.SIGSTOP)
    wait_for(lambda: state(pid) == 'T')
    time.sleep(0.1)
    assert os.waitpid(p.pid, os.WUNTRACED | os.WNOHANG) == (0, 0)
    os.kill(pid, signal.SIGCONT)
    os.kill(p.pid, signal.SIGTERM)
    assert p.wait() == -signal.SIGTERM


def a_command_that_does_not_stop_goes_on():
    p = subprocess.Popen(['hr-run', 'sh', '-c', 'trap "" TSTP; echo >ready; '
                          'until [ -e go ]; do sleep 0.05; done'],
                         preexec_fn=os.setpgrp)
    wait_for(lambda: os.path.exists('ready'))
    os.killpg(p.pid, signal.SIGTSTP)
    with open('go', 'w'):
        pass
    assert p.wait() == 0


def the_end_is_the_same():
    for end, code in (('exit 0', 0), ('exit 1', 1), ('exit 2', 2),
                      ('exit 126', 126), ('exit 255', 255),
                      ('kill -HUP $$', -1), ('kill -INT $$', -2),
                      ('kill -QUIT $$', -3), ('kill -ABRT $$', -6),
                      ('kill -KILL $$', -9), ('kill -SEGV $$', -11),
                      ('kill -PIPE $$', -13), ('kill -TERM $$', -15)):
        p = subprocess.run(['hr-run', 'sh', '-c', 'echo x; ' + end],
                           stdout=subprocess.PIPE)
        assert p.stdout == b'x\n', end
        assert p.returncode == code, (end, p.returncode)


def signals_go_to_the_command():
    for name in ('HUP', 'INT', 'QUIT', 'TERM', 'USR1', 'USR2'):
        script = ('trap "echo got %s; exit 7" %s; echo >ready; '
                  'while :; do sleep 0.05; done' % (name, name))
        p = subprocess.Popen(['hr-run', 'sh', '-c', script],
                             stdout=subprocess.PIPE)
        wait_for(lambda: os.path.exists('ready'))
        p.send_signal(getattr(signal, 'SIG' + name))
        assert p.communicate()[0] == b'got %s\n' % name.encode()
        assert p.returncode == 7
        os.unlink('ready')


def what_was_printed_survives_a_signal():
    script = ('seq 300 | jq -c -n "[inputs | {id: ., state: 1}]" | '
              'tee original; echo >ready; exec sleep 1000')
    p = subprocess.Popen(['hr-run', 'sh', '-c', script],
                         stdout=subprocess.PIPE)
    wait_for(lambda: os.path.exists('ready'))
    p.terminate()
    out = p.communicate()[0]
    assert p.returncode == -signal.SIGTERM
    mark = out.split(b']')[0]
    assert b' of 300 rows shown' in mark
    got = subprocess.run(['hr-ccr', 'get', mark.split()[-1]],
                         stdout=subprocess.PIPE)
    assert got.stdout == text('original')


def a_signal_is_passed_on_though_the_reader_waits():
    reader, writer = os.pipe()
    # Of what is too large to be held nothing more is taken.
    p = subprocess.Popen(['hr-run', 'sh', '-c', 'head -c 300000000 /dev/zero &'
                          'echo $$ >pid; exec sleep 1000'], stdout=writer)
    os.close(writer)
    pid = pid_in('pid')
    wait_for(lambda: struct.unpack('i', fcntl.ioctl(
        reader, termios.FIONREAD, b'    '))[0] > 60000)
    p.terminate()
    wait_for(lambda: not os.path.exists('/proc/%d' % pid))
    assert p.poll() is None
    n = 0
    while more := len(os.read(reader, 1 << 20)):
        n += more
    assert n == 300000000
    assert p.wait() == -signal.SIGTERM


def what_is_inherited_is_the_same():
    """Ignored and blocked signals, open files, environment and more."""
    script = ('import os, resource, signal; '
              'print(sorted(os.environ.items())); '
              'print([signal.getsignal(n) for n in signal.valid_signals()]);'
              'print(signal.pthread_sigmask(0, [])); '
              'print(sorted(os.listdir("/proc/self/fd"))); '
              'print(resource.getrlimit(resource.RLIMIT_CORE)); '
              'print(os.getpgrp(), os.getsid(0), os.getcwd())')

    def odd():
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
        os.dup2(1, 7)

    argv = [sys.executable, '-S', '-c', script]
    plain, run = (subprocess.run(a, stdout=subprocess.PIPE, preexec_fn=odd,
                                 restore_signals=False, close_fds=False)
                  for a in (argv, ['hr-run'] + argv))
    assert plain.returncode == 0 and run.returncode == 0, run
    assert plain.stdout == run.stdout, (plain.stdout, run.stdout)


# In a terminal of its own.

def the_command_has_a_terminal():
    t = Terminal('hr-run', '--pty', 'sh', '-c', 'test -t 0 && test -t 1 && '
                 'test -t 2 && echo yes; echo >/dev/tty shown; '
                 'exit 3', one='out')
    assert t.end() == 3
    assert t.seen == b'yes\r\nshown\r\n', t.seen
    assert text('out') == b'yes\nshown\n'


def what_is_typed_goes_to_the_command():
    t = Terminal('hr-run', '-t', 'sh', '-c', 'echo name?; read x; '
                 'echo "hello $x"; read -r y || echo end', one='out')
    t.until(b'name?')
    t.type(b'you\n')
    t.until(b'hello you')
    t.type(b'\x04')
    assert t.end() == 0
    assert text('out') == b'name?\nyou\nhello you\nend\n', text('out')


def what_is_shown_is_not_printed_again():
    t = Terminal('hr-run', '--pty', 'echo', 'once')
    assert t.end() == 0
    assert t.seen == b'once\r\n', t.seen
    t = Terminal('hr-run', '--live', 'sh', '-c', 'test -t 1 && echo once')
    assert t.end() == 0
    assert t.seen == b'once\r\n', t.seen


def live_shows_and_keeps_both_apart():
    t = Terminal('hr-run', '--live', 'sh', '-c', 'echo out; sleep 0.1; '
                 'echo err >&2; read x', one='out', two='err')
    t.until(b'err')
    assert t.seen == b'out\r\nerr\r\n'
    t.type(b'\n')
    assert t.end() == 0
    assert text('out') == b'out\n'
    assert text('err') == b'err\n'


def progress_is_shown_where_output_goes_elsewhere():
    script = 'seq 400 | sed s/^/took\\ /; read x'
    t = Terminal('hr-run', 'sh', '-c', script, one='out')
    t.until(b'took 400')
    assert t.seen.startswith(b'took 1\r\ntook 2\r\n'), t.seen
    assert text('out') == b''
    t.type(b'\n')
    assert t.end() == 0
    assert b' of 400 lines shown' in text('out'), text('out')
    os.unlink('out')
    t = Terminal('hr-run', '--no-live', 'sh', '-c', 'echo x; echo err >&2',
                 one='out')
    assert t.end() == 0
    assert (t.seen, text('out')) == (b'err\r\n', b'x\n'), t.seen


def an_interrupt_is_typed_into_its_terminal():
    t = Terminal('hr-run', '--pty', 'sh', '-c', 'trap "echo got; exit 4" INT;'
                 'echo ready; while :; do sleep 0.05; done')
    t.until(b'ready')
    t.type(b'\x03')
    assert t.end() == 4
    assert t.seen.count(b'got') == 1, t.seen


def the_terminal_is_put_back():
    script = 'stty -g >before; %s; echo "status $?"; stty -g >after; read x'
    for run in ("hr-run -t sh -c 'echo ready; read x; exit 9'",
                "hr-run -t sh -c 'echo ready; read x; kill -9 $$'",
                "hr-run -t sh -c 'echo ready; read x; sleep 99 & kill 0'"):
        t = Terminal('bash', '--norc', '-c', script % run)
        t.until(b'ready')
        assert not t.modes()[3] & termios.ICANON
        t.type(b'\n')
        t.until(b'status ')
        wait_for(lambda: os.path.exists('after') and text('after'))
        assert text('before') == text('after')
        t.type(b'\n')
        t.end()
        os.unlink('after')


def the_window_has_the_size_of_the_users():
    t = Terminal('bash', '--norc', '-c', 'read x; hr-run --pty sh -c "'
                 'trap \\"stty size; exit 0\\" WINCH; stty size; '
                 'while :; do sleep 0.05; done"')
    t.resize(33, 99)
    t.type(b'\n')
    t.until(b'33 99')
    t.resize(44, 111)
    t.until(b'44 111')
    assert t.end() == 0


def a_pipe_on_its_input_stays_one():
    t = Terminal('bash', '--norc', '-c', "printf 'a\\0b' | hr-run --pty "
                 "sh -c 'test ! -t 0 && test -t 1 && od -An -c'")
    assert t.end() == 0
    assert t.seen.split() == [b'a', b'\\0', b'b'], t.seen


def without_a_terminal_it_has_one_all_the_same():
    p = subprocess.run(['hr-run', '--pty', 'sh', '-c', 'test -t 1 && '
                        'stty size <&1; printf "a\\r\\nb\\n"; exit 6'],
                       stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
                       start_new_session=True)
    assert p.returncode == 6
    # The line ends are those of a file again, but what else was printed is.
    assert p.stdout == b'24 80\na\r\nb\n', p.stdout


def who_stays_in_its_terminal_is_hung_up():
    start = time.monotonic()
    p = subprocess.run(['hr-run', '--pty', 'sh', '-c', '(trap "" HUP; '
                        'sleep 20) & echo x'], stdout=subprocess.PIPE,
                       start_new_session=True)
    assert p.stdout == b'x\n'
    assert time.monotonic() - start < 15


def all_that_was_printed_is_there():
    for i in range(20):
        p = subprocess.run(['hr-run', '--pty', 'sh', '-c', 'seq 20000; '
                            'sleep 0.3 & echo end'], stdout=subprocess.PIPE,
                           start_new_session=True)
        assert p.stdout.endswith(b'\n20000\nend\n'), p.stdout[-100:]


def main():
    faulthandler.dump_traceback_later(280, exit=True)
    os.mkdir(sys.argv[1])
    os.chdir(sys.argv[1])
    globals()[sys.argv[1]]()


main()
