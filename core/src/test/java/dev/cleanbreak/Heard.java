package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that keeps what it is told, by the thread that was cut. */
final class Heard implements CutListener, AutoCloseable {
  private record Told(Thread thread, Cut cut) {}

  private final List<Told> told = new CopyOnWriteArrayList<>();
  private final ScopeView.Registration registration = CleanSockets.addCutListener(this);

  @Override
  public void onCut(Cut cut) {
    told.add(new Told(Thread.currentThread(), cut));
  }

  /** What calls of {@code victim} were told of; other tests may have left threads behind. */
  List<Cut> of(Thread victim) {
    return told.stream().filter(each -> each.thread == victim).map(Told::cut).toList();
  }

  /** The cut of the exception was told, once, and no other of that thread. */
  void assertOnce(Thread victim, CutException thrown) {
    List<Cut> cuts = of(victim);
    assertEquals(1, cuts.size(), cuts::toString);
    assertSame(thrown.cut(), cuts.getFirst());
  }

  @Override
  public void close() {
    registration.close();
  }
}
