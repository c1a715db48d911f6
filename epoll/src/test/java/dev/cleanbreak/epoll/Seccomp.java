package dev.cleanbreak.epoll;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A sandbox (seccomp(2)) for the rest of this process, as containers and service managers have it:
 * the kernel refuses a system call. Of x86-64 alone, whose numbers the tests give.
 */
final class Seccomp {
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final long SYS_SECCOMP = 317;
  private static final int SECCOMP_SET_MODE_FILTER = 1;
  private static final int SECCOMP_FILTER_FLAG_TSYNC = 1;

  // Instructions of the filter: code, jump if true, jump if false, operand (linux/filter.h).
  private static final int LOAD_WORD = 0x20;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int RETURN = 0x06;
  private static final int REFUSE = 0x0005_0000;
  private static final int ALLOW = 0x7fff_0000;
  private static final int INSTRUCTION = 8;

  private Seccomp() {}

  /** Has every thread's system call {@code number} fail with {@code errno}. */
  @SuppressWarnings("restricted")
  static void refuse(int number, int errno) {
    Linker linker = Linker.nativeLinker();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment filter = arena.allocate(4 * INSTRUCTION, 8);
      put(filter, 0, LOAD_WORD, 0, 0); // the number of the call stands first
      put(filter, 1, JUMP_IF_EQUAL, 1, number);
      put(filter, 2, RETURN, 0, REFUSE | errno);
      put(filter, 3, RETURN, 0, ALLOW);
      MemorySegment program = arena.allocate(16, 8);
      program.set(ValueLayout.JAVA_SHORT, 0, (short) 4);
      program.set(ValueLayout.ADDRESS, 8, filter);
      int promised =
          (int)
              linker
                  .downcallHandle(
                      linker.defaultLookup().findOrThrow("prctl"),
                      FunctionDescriptor.of(
                          ValueLayout.JAVA_INT,
                          ValueLayout.JAVA_INT,
                          ValueLayout.JAVA_LONG,
                          ValueLayout.JAVA_LONG,
                          ValueLayout.JAVA_LONG,
                          ValueLayout.JAVA_LONG),
                      Linker.Option.firstVariadicArg(1))
                  .invokeExact(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L);
      long done =
          (long)
              linker
                  .downcallHandle(
                      linker.defaultLookup().findOrThrow("syscall"),
                      FunctionDescriptor.of(
                          ValueLayout.JAVA_LONG,
                          ValueLayout.JAVA_LONG,
                          ValueLayout.JAVA_INT,
                          ValueLayout.JAVA_INT,
                          ValueLayout.ADDRESS),
                      Linker.Option.firstVariadicArg(1))
                  .invokeExact(
                      SYS_SECCOMP, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, program);
      if (promised != 0 || done != 0) {
        throw new AssertionError("no filter: " + promised + ", " + done);
      }
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static void put(MemorySegment filter, int at, int code, int ifFalse, int operand) {
    filter.set(ValueLayout.JAVA_SHORT, at * INSTRUCTION, (short) code);
    filter.set(ValueLayout.JAVA_BYTE, at * INSTRUCTION + 3, (byte) ifFalse);
    filter.set(ValueLayout.JAVA_INT, at * INSTRUCTION + 4, operand);
  }
}
