package dev.cleanbreak.races;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.cleanbreak.LibraryGauge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * What this process holds. A figure of -1 is not to be had on this system.
 *
 * @param threads platform threads, but for those that carry virtual ones and come and go
 * @param descriptors all but those of {@code wakers}
 * @param wakers eventfds, by which threads that sleep are woken; a transport may keep them for
 *     ever, as many as threads slept at once
 * @param selectors open epoll descriptors
 * @param registrations descriptors registered with them
 * @param timers tasks that wait for their time
 * @param carried bytes reserved for tails of cut writes
 * @param direct bytes in direct buffers
 * @param heap bytes of the heap in use; garbage, too, unless a collection came before
 * @param resident bytes of memory
 */
record Footprint(
    long threads,
    long descriptors,
    long wakers,
    long selectors,
    long registrations,
    long timers,
    long carried,
    long direct,
    long heap,
    long resident) {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Path DESCRIPTOR_INFO = Path.of("/proc/self/fdinfo");
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final long MIB = 1024 * 1024;
  private static final long MEMORY_SLACK = 64 * MIB;
  private static final long HEAP_SLACK = 16 * MIB;
  private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Threads of the library that wait a while for more to do, and then go. */
  private static final Set<String> WAITING_FOR_MORE =
      Set.of("cleanbreak-drainer", "cleanbreak-deadlines");

  /** What is held once those threads have gone, and after a collection. */
  static Footprint settled() {
    long began = System.nanoTime();
    while (isAnyWaitingForMore() && System.nanoTime() - began < SETTLE_NANOS) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    System.gc();
    return take();
  }

  /** As {@link #settled()}; while more is held than in {@code baseline}, it looks again. */
  static Footprint settled(Footprint baseline) {
    long began = System.nanoTime();
    Footprint now = settled();
    while (!now.above(baseline).isEmpty() && System.nanoTime() - began < SETTLE_NANOS) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
      now = settled();
    }
    return now;
  }

  private static boolean isAnyWaitingForMore() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(each -> WAITING_FOR_MORE.contains(each.getName()));
  }

  static Footprint take() {
    long selectors = -1;
    long registrations = -1;
    long descriptors = -1;
    long wakers = -1;
    if (Files.isDirectory(DESCRIPTORS)) {
      descriptors = 0;
      wakers = 0;
      selectors = 0;
      registrations = 0;
      for (Path each : openDescriptors()) {
        String target = target(each);
        if (target.contains("[eventfd]")) {
          wakers++;
        } else {
          descriptors++;
        }
        if (target.contains("[eventpoll]")) {
          selectors++;
          registrations += registrations(each);
        }
      }
    } else if (ManagementFactory.getOperatingSystemMXBean()
        instanceof UnixOperatingSystemMXBean unix) {
      descriptors = unix.getOpenFileDescriptorCount();
    }
    return new Footprint(
        platformThreads(),
        descriptors,
        wakers,
        selectors,
        registrations,
        LibraryGauge.waitingTimers(),
        LibraryGauge.carriedBytes(),
        directBytes(),
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        residentBytes());
  }

  private static long platformThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(each -> !each.getName().startsWith("ForkJoinPool"))
        .count();
  }

  private static List<Path> openDescriptors() {
    try (Stream<Path> all = Files.list(DESCRIPTORS)) {
      return all.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      // The one that listed them is closed by now.
      return "";
    }
  }

  private static long registrations(Path selector) {
    try {
      return Files.readAllLines(DESCRIPTOR_INFO.resolve(selector.getFileName())).stream()
          .filter(line -> line.startsWith("tfd:"))
          .count();
    } catch (IOException e) {
      return 0;
    }
  }

  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  private static long residentBytes() {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElse(-1);
    } catch (IOException e) {
      return -1;
    }
  }

  /** What is more than in {@code baseline}, in words; empty if nothing is. */
  List<String> above(Footprint baseline) {
    List<String> found = new ArrayList<>();
    compare(found, "threads", threads, baseline.threads);
    compare(found, "descriptors", descriptors, baseline.descriptors);
    // More threads may have slept at once than in the first storm, but never more than there were.
    compare(
        found,
        "wakers",
        wakers,
        Math.max(baseline.wakers, ManagementFactory.getThreadMXBean().getPeakThreadCount()));
    compare(found, "selectors", selectors, baseline.selectors);
    compare(found, "registrations", registrations, baseline.registrations);
    compare(found, "timers", timers, baseline.timers);
    compare(found, "carried bytes", carried, baseline.carried);
    compare(found, "direct bytes", direct, baseline.direct + MIB);
    compare(found, "heap bytes", heap, baseline.heap + HEAP_SLACK);
    // The heap is in it, whose size is the collector's affair: only growth without end is a leak.
    compare(
        found,
        "resident bytes",
        resident,
        baseline.resident + baseline.resident / 4 + MEMORY_SLACK);
    return found;
  }

  private static void compare(List<String> found, String what, long now, long allowed) {
    if (now > allowed) {
      found.add(what + ": " + now + ", at most " + allowed + " allowed");
    }
  }
}
