package dev.cleanbreak;

/**
 * Told of every cut, once: for metrics, and for tests. Registered by {@link
 * CleanSockets#addCutListener}.
 *
 * <p>It runs in the thread whose call was cut, before that call throws, and so it delays the throw
 * by as long as it takes. The call holds nothing of ours any more: no turn, no place in its scope,
 * no descriptor. The listener may use sockets, the one whose call was cut, too. It runs outside
 * every scope: what cut the call does not cut the listener's calls, but for an interrupt, whose
 * status is still set ({@link CancelScope#shielded} keeps it away). Cuts of the listener's own
 * calls are not told to listeners.
 *
 * <p>Nothing that it does changes the outcome of the call: what it throws is logged, an interrupt
 * status that it clears is set again. Locks that callers further up hold are still held. Called by
 * many threads at a time.
 */
@FunctionalInterface
public interface CutListener {
  /**
   * A call was cut.
   *
   * @param cut the record that the call's exception carries, the same object
   */
  void onCut(Cut cut);
}
