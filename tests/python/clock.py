"""Runs a program whose wall clock is wrong by as many nanoseconds as the eight bytes of a file say, at any moment.

    clock.py FILE PROGRAM ARGUMENT...

Only Linux on x86-64. The program keeps this process' id. Its other clocks stay right, as they do when somebody sets a
machine's clock. How: the kernel's vDSO is hidden from the program, so that it asks for the time with system calls; those
for the wall clock stop it (seccomp), and a child of this process that traces it answers them (ptrace).
"""

import ctypes
import os
import struct
import sys
import time

# Of linux/ptrace.h, linux/prctl.h, linux/seccomp.h, linux/auxvec.h.
CONT, GETREGS, SETREGS, SEIZE, LISTEN = 7, 12, 13, 0x4206, 0x4208
EVENT_EXEC, EVENT_SECCOMP, EVENT_STOP = 4, 7, 128
# Forks, clones and execs are traced, stops by seccomp too, and the program ends with its tracer.
OPTIONS = 0x2 | 0x4 | 0x8 | 0x10 | 0x80 | 0x100000
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, PR_SET_PTRACER = 22, 38, 0x59616D61
RET_TRACE, RET_ALLOW = 0x7FF00000, 0x7FFF0000
AT_NULL, AT_IGNORE, AT_SYSINFO_EHDR = 0, 1, 33
WALL = 0x40000000
GETTIMEOFDAY, TIME, CLOCK_GETTIME = 96, 201, 228
REALTIME, REALTIME_COARSE = 0, 5
# struct user_regs_struct
REGISTERS = 27
RAX, RSI, RDI, ORIG_RAX, RSP = 10, 13, 14, 15, 19

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long
libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4


def ptrace(request, pid, data=0):
    if libc.ptrace(request, pid, None, data) == -1:
        raise OSError(ctypes.get_errno(), f"ptrace {request}")


def prctl(*arguments):
    if libc.prctl(*arguments, *[0] * (5 - len(arguments))) == -1:
        raise OSError(ctypes.get_errno(), f"prctl {arguments[0]}")


def stop_for_the_time():
    """Has the kernel stop this process, and what it becomes, whenever it asks for the wall clock."""
    load, equal, give = 0x20, 0x15, 0x06
    program = [
        (load, 0, 0, 0),  # 0: the system call's number
        (equal, 6, 0, GETTIMEOFDAY),  # 1: to 8
        (equal, 5, 0, TIME),  # 2: to 8
        (equal, 0, 3, CLOCK_GETTIME),  # 3: else to 7
        (load, 0, 0, 16),  # 4: which clock
        (equal, 2, 0, REALTIME),  # 5: to 8
        (equal, 1, 0, REALTIME_COARSE),  # 6: to 8
        (give, 0, 0, RET_ALLOW),  # 7
        (give, 0, 0, RET_TRACE),  # 8
    ]
    code = b"".join(struct.pack("HBBI", *line) for line in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HxxxxxxQ", len(program), ctypes.addressof(buffer))
    header = ctypes.create_string_buffer(header, len(header))
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_SECCOMP, 2, ctypes.addressof(header))


def memory(pid):
    return open(f"/proc/{pid}/mem", "r+b", buffering=0)


def hide_vdso(pid):
    """Behind the arguments and the environment of a program that is about to begin is what the kernel tells it."""
    registers = (ctypes.c_ulong * REGISTERS)()
    ptrace(GETREGS, pid, ctypes.addressof(registers))
    with memory(pid) as of:
        at = registers[RSP]

        def word():
            nonlocal at
            of.seek(at)
            at += 8
            return struct.unpack("Q", of.read(8))[0]

        # As many arguments and then nothing; variables and then nothing.
        arguments = word()
        at += 8 * (arguments + 1)
        while word():
            pass
        while (kind := word()) != AT_NULL:
            if kind == AT_SYSINFO_EHDR:
                of.seek(at - 8)
                of.write(struct.pack("Q", AT_IGNORE))
            at += 8


def answer(pid, offset):
    registers = (ctypes.c_ulong * REGISTERS)()
    ptrace(GETREGS, pid, ctypes.addressof(registers))
    now = time.time_ns() + struct.unpack("q", os.pread(offset, 8, 0))[0]
    seconds, nanos = divmod(now, 1_000_000_000)
    call, outcome = registers[ORIG_RAX], 0
    if call == CLOCK_GETTIME:
        to, value = registers[RSI], struct.pack("qq", seconds, nanos)
    elif call == GETTIMEOFDAY:
        to, value = registers[RDI], struct.pack("qq", seconds, nanos // 1000)
    else:
        to, value, outcome = registers[RDI], struct.pack("q", seconds), seconds
    if to:
        with memory(pid) as of:
            of.seek(to)
            of.write(value)
    # No system call any more, and this is what it returned.
    registers[ORIG_RAX], registers[RAX] = 2**64 - 1, outcome
    ptrace(SETREGS, pid, ctypes.addressof(registers))


def trace(program, offset):
    while True:
        pid, status = os.waitpid(-1, WALL)
        if not os.WIFSTOPPED(status):
            if pid == program:
                return
            continue
        signal, event = os.WSTOPSIG(status), status >> 16
        try:
            if event == EVENT_STOP and signal != 5:
                ptrace(LISTEN, pid)
                continue
            if event == EVENT_EXEC:
                hide_vdso(pid)
            elif event == EVENT_SECCOMP:
                answer(pid, offset)
            ptrace(CONT, pid, 0 if event else signal)
        except (ProcessLookupError, FileNotFoundError):
            # Killed in the meantime.
            pass


def main():
    offset = os.open(sys.argv[1], os.O_RDONLY)
    program = os.getpid()
    (seized, say_seized), (allowed, say_allowed) = os.pipe(), os.pipe()
    tracer = os.fork()
    if tracer == 0:
        os.read(allowed, 1)
        ptrace(SEIZE, program, OPTIONS)
        os.write(say_seized, b"x")
        trace(program, offset)
        os._exit(0)
    try:
        # Where only parents may trace.
        prctl(PR_SET_PTRACER, tracer)
    except OSError:
        pass
    os.write(say_allowed, b"x")
    if os.read(seized, 1) != b"x":
        sys.exit("the program cannot be traced")
    stop_for_the_time()
    os.execv(sys.argv[2], sys.argv[2:])


main()
