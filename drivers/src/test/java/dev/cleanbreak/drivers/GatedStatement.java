package dev.cleanbreak.drivers;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A driver's own statement whose cancel can be met on its way. */
final class GatedStatement {
  /** What stands in the place of the driver's cancel; runs in the thread that cancels. */
  interface Cancel {
    void run() throws Exception;
  }

  final CountDownLatch entered = new CountDownLatch(1);
  final AtomicInteger running = new AtomicInteger();
  final AtomicInteger cancels = new AtomicInteger();
  final Statement statement;

  GatedStatement(Statement driver, Cancel cancel) {
    statement =
        (Statement)
            Proxy.newProxyInstance(
                GatedStatement.class.getClassLoader(),
                new Class<?>[] {Statement.class},
                (proxy, method, arguments) -> {
                  switch (method.getName()) {
                    case "isWrapperFor":
                      return false;
                    case "cancel":
                      running.incrementAndGet();
                      cancels.incrementAndGet();
                      entered.countDown();
                      try {
                        cancel.run();
                      } finally {
                        running.decrementAndGet();
                      }
                      return null;
                    default:
                      try {
                        return method.invoke(driver, arguments);
                      } catch (InvocationTargetException e) {
                        throw e.getCause();
                      }
                  }
                });
  }
}
