package dev.cleanbreak.epoll;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The ports that pollers watch, by descriptor. Whoever registers or closes a port writes its slot;
 * pollers read. The pages are never freed.
 */
final class PortTable {
  private static final int PAGE_BITS = 10;
  private static final int PAGE = 1 << PAGE_BITS;

  /** The most descriptors that a process can have (/proc/sys/fs/nr_open is at most 2^30). */
  private static final int MOST_PAGES = 1 << 14;

  private static final AtomicReferenceArray<@Nullable AtomicReferenceArray<@Nullable EpollPort>>
      PAGES = new AtomicReferenceArray<>(MOST_PAGES);

  private PortTable() {}

  static @Nullable EpollPort get(int fd) {
    AtomicReferenceArray<@Nullable EpollPort> page = PAGES.get(fd >> PAGE_BITS);
    return page == null ? null : page.get(fd & (PAGE - 1));
  }

  static void put(int fd, @Nullable EpollPort port) {
    int at = fd >> PAGE_BITS;
    AtomicReferenceArray<@Nullable EpollPort> page = PAGES.get(at);
    if (page == null) {
      PAGES.compareAndSet(at, null, new AtomicReferenceArray<>(PAGE));
      page = PAGES.get(at);
    }
    page.set(fd & (PAGE - 1), port);
  }
}
