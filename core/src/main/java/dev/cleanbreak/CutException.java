package dev.cleanbreak;

/**
 * Carried by every exception that ends a call because of a cut. The types differ because existing
 * code tells them apart; the record is the same.
 *
 * <ul>
 *   <li>{@link CancelledIOException}: a cancelled scope, an interrupt, a server's shutdown
 *   <li>{@link CutTimeoutException}: a scope's deadline, a timeout
 *   <li>{@link CutSocketException}: a close by another thread; also what the other two become where
 *       a factory maps them or where a caller spins on them
 * </ul>
 */
public interface CutException {
  /** What ended the call. */
  Cut cut();

  /**
   * The bytes that this call had moved. Zero but for one case: a write whose unsent rest was too
   * large to be carried, or was dropped by a close; the stream then goes on at exactly that byte.
   */
  long bytesMoved();
}
