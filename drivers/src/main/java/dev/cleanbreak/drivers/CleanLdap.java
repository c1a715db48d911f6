package dev.cleanbreak.drivers;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CancelScope.ResultBody;
import dev.cleanbreak.CutException;
import dev.cleanbreak.ScopeView;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import javax.naming.CommunicationException;
import javax.naming.InterruptedNamingException;
import javax.naming.NamingException;
import org.jspecify.annotations.Nullable;

/**
 * Requests of JNDI's LDAP provider whose wait for a reply is cut by the current scope.
 *
 * <pre>{@code
 * Attributes found = CleanLdap.call(() -> context.getAttributes(name));
 * }</pre>
 *
 * <p>The provider reads in a thread of its own, which no scope reaches, and the caller waits at a
 * queue, which only an interrupt ends. So the cut of the scope interrupts the caller, but only
 * while the request runs: both take the same lock. The provider keeps the connection, and drops the
 * reply when it comes.
 */
public final class CleanLdap {
  private final Thread caller = Thread.currentThread();
  private final ReentrantLock lock = new ReentrantLock();
  private boolean ended;
  private boolean struck;

  private CleanLdap() {}

  /**
   * Runs {@code request} in the calling thread. Success wins: a request that ends normally although
   * it was cut returns its result.
   *
   * @return what the request returned
   * @throws CommunicationException if the current scope was cut before or meanwhile; the {@link
   *     CutException} is the cause
   * @throws InterruptedNamingException if the thread was interrupted; the interrupt status is set,
   *     which the provider alone would lose. An interrupt that coincides with a cut of the scope is
   *     taken for it.
   */
  public static <T extends @Nullable Object> T call(ResultBody<T, NamingException> request)
      throws NamingException {
    ScopeView scope = CancelScope.current();
    refuseIfCut(scope);
    CleanLdap call = new CleanLdap();
    try (ScopeView.Registration _ = scope.onCancel(call::strike)) {
      return request.call();
    } catch (InterruptedNamingException e) {
      if (call.end()) {
        refuseIfCut(scope);
      }
      Thread.currentThread().interrupt();
      throw e;
    } finally {
      call.end();
    }
  }

  private void strike() {
    lock.lock();
    try {
      if (!ended) {
        struck = true;
        caller.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /** From here on nothing strikes. Takes the interrupt back, and says whether there was one. */
  private boolean end() {
    lock.lock();
    try {
      if (struck && !ended) {
        Thread.interrupted();
      }
      ended = true;
      return struck;
    } finally {
      lock.unlock();
    }
  }

  private static void refuseIfCut(ScopeView scope) throws CommunicationException {
    try {
      scope.checkpoint();
    } catch (IOException cut) {
      CommunicationException said = new CommunicationException(cut.getMessage());
      said.initCause(cut);
      throw said;
    }
  }
}
