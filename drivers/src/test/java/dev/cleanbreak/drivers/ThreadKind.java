package dev.cleanbreak.drivers;

/** The two kinds of threads; everything that blocks is tested on both. */
enum ThreadKind {
  PLATFORM,
  VIRTUAL;

  Thread start(Runnable task) {
    return this == PLATFORM
        ? Thread.ofPlatform().daemon().name("client").start(task)
        : Thread.ofVirtual().name("client").start(task);
  }
}
