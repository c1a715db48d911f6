package dev.cleanbreak;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list whose elements carry their own links, so that joining and leaving allocate nothing and
 * take constant time. An element is in at most one ring. Guarded by a lock of the owner's.
 */
final class Ring<T extends Ring.Link<T>> {
  private @Nullable T first;

  /** The links of an element; an element that is in no ring has {@code in == null}. */
  abstract static class Link<T extends Link<T>> {
    private @Nullable Ring<T> in;
    private @Nullable T before;
    private @Nullable T after;
  }

  boolean isEmpty() {
    return first == null;
  }

  void add(T element) {
    Link<T> link = element;
    assert link.in == null : element;
    link.in = this;
    link.before = null;
    link.after = first;
    if (first != null) {
      ((Link<T>) first).before = element;
    }
    first = element;
  }

  /** Removes {@code element} if it is here. */
  void remove(T element) {
    Link<T> link = element;
    if (link.in != this) {
      return;
    }
    T before = link.before;
    T after = link.after;
    if (before == null) {
      first = after;
    } else {
      ((Link<T>) before).after = after;
    }
    if (after != null) {
      ((Link<T>) after).before = before;
    }
    link.in = null;
    link.before = null;
    link.after = null;
  }

  List<T> snapshot() {
    List<T> all = new ArrayList<>();
    for (T each = first; each != null; each = ((Link<T>) each).after) {
      all.add(each);
    }
    return all;
  }
}
