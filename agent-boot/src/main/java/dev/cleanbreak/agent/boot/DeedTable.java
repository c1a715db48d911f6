package dev.cleanbreak.agent.boot;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The deeds of late, by whom or what they were done to. Of fixed size and without locks, because it
 * is used inside {@code Thread.interrupt}: a deed goes into one of a few places that its target's
 * identity hash names, and when all are taken the oldest makes way. A race may lose a deed.
 */
final class DeedTable {
  private static final int PLACES = 1 << 13;
  private static final int WAYS = 8;

  private final AtomicReferenceArray<@Nullable Deed> deeds = new AtomicReferenceArray<>(PLACES);

  @Nullable Deed find(Deed.Kind kind, Object target) {
    int first = firstPlace(target);
    for (int i = first; i < first + WAYS; i++) {
      Deed deed = deeds.get(i);
      if (deed != null && deed.isAt(kind, target)) {
        return deed;
      }
    }
    return null;
  }

  /** Puts a deed in, in the place of an earlier one of that kind to that target. */
  void put(Deed deed, Object target) {
    int first = firstPlace(target);
    int place = first;
    long greatestAge = -1;
    for (int i = first; i < first + WAYS; i++) {
      Deed other = deeds.get(i);
      if (other == null || other.target() == null || other.isAt(deed.kind(), target)) {
        place = i;
        break;
      }
      long age = deed.nanoTime() - other.nanoTime();
      if (age > greatestAge) {
        greatestAge = age;
        place = i;
      }
    }
    deeds.set(place, deed);
  }

  /** The latest close of an asynchronous channel by that thread. */
  @Nullable Deed lastAsynchronousClose(long threadId) {
    Deed last = null;
    for (int i = 0; i < PLACES; i++) {
      Deed deed = deeds.get(i);
      if (deed != null
          && deed.kind() == Deed.Kind.CLOSE
          && deed.threadId() == threadId
          && deed.target() instanceof java.nio.channels.AsynchronousChannel
          && (last == null || deed.nanoTime() - last.nanoTime() > 0)) {
        last = deed;
      }
    }
    return last;
  }

  /** Lets go of the deeds to what is gone, and of those older than that. */
  void sweep(long now, long mostNanos) {
    for (int i = 0; i < PLACES; i++) {
      Deed deed = deeds.get(i);
      if (deed != null && (deed.target() == null || now - deed.nanoTime() > mostNanos)) {
        deeds.compareAndSet(i, deed, null);
      }
    }
  }

  private static int firstPlace(Object target) {
    int hash = System.identityHashCode(target) * 0x9E3779B9;
    return (hash >>> 16) % (PLACES / WAYS) * WAYS;
  }
}
