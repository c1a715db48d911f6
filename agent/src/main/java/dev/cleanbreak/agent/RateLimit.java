package dev.cleanbreak.agent;

import dev.cleanbreak.agent.boot.Cut;
import dev.cleanbreak.report.DroppedRecord;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** So many lines a call site and no more in a while; the others are counted. For one thread. */
final class RateLimit {
  private static final int MOST_LINES = 50;
  private static final long WHILE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int MOST_SITES = 1000;

  private final Map<String, Count> sites = new LinkedHashMap<>();

  private static final class Count {
    private long begin = System.nanoTime();
    private int lines;
    private long dropped;
  }

  boolean permits(Cut cut) {
    String site = site(cut);
    if (!sites.containsKey(site) && sites.size() >= MOST_SITES) {
      site = "other call sites";
    }
    Count count = sites.computeIfAbsent(site, key -> new Count());
    if (System.nanoTime() - count.begin > WHILE_NANOS && count.dropped == 0) {
      count.begin = System.nanoTime();
      count.lines = 0;
    }
    if (count.lines < MOST_LINES) {
      count.lines++;
      return true;
    }
    count.dropped++;
    return false;
  }

  /** Tells how many were dropped at which site, and begins anew with those whose while is over. */
  void takeDropped(Consumer<DroppedRecord> dropped) {
    long now = System.nanoTime();
    for (Iterator<Map.Entry<String, Count>> i = sites.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<String, Count> site = i.next();
      Count count = site.getValue();
      if (count.dropped > 0) {
        String why =
            "more than " + MOST_LINES + " in 10 s from the same call site: " + site.getKey();
        dropped.accept(new DroppedRecord(Instant.now(), count.dropped, why));
        count.dropped = 0;
      }
      if (now - count.begin > WHILE_NANOS) {
        i.remove();
      }
    }
  }

  /** Where it was done, by the nearest frame that is no part of the JDK. */
  private static String site(Cut cut) {
    if (cut.chain().isEmpty()) {
      return cut.ending() + ", nobody seen";
    }
    StackTraceElement[] stack = cut.chain().get(0).stack();
    StackTraceElement nearest = new Frames(stack).nearest();
    if (nearest == null) {
      return cut.ending() + " by " + (stack.length == 0 ? "?" : stack[stack.length - 1]);
    }
    return cut.ending() + " by " + nearest;
  }
}
