package dev.cleanbreak.cli.demo;

import java.util.concurrent.ThreadFactory;

/** The two kinds of threads that a call can block. */
enum ThreadKind {
  PLATFORM,
  VIRTUAL;

  ThreadFactory factory(String name) {
    return this == PLATFORM
        ? Thread.ofPlatform().daemon().name(name).factory()
        : Thread.ofVirtual().name(name).factory();
  }
}
