package dev.cleanbreak.examples.fanout;

import dev.cleanbreak.CancelScope;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.FailedException;
import java.util.concurrent.StructuredTaskScope.Joiner;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** One question to all replicas; for one use. */
final class Round {
  /** Names them as the replicas are named: who lost tells who was quicker. */
  private final ThreadFactory forks = Thread.ofVirtual().name("replica", 1).factory();

  private final List<Replica> replicas;
  private final String question;
  private final long began = System.nanoTime();

  /** In the order in which they ended: a scope that has its result keeps no others. */
  private final Queue<Ending> endings = new ConcurrentLinkedQueue<>();

  Round(List<Replica> replicas, String question) {
    this.replicas = replicas;
    this.question = question;
  }

  /**
   * The first answer. Returns when those who lost have ended, too.
   *
   * @param name of the scope, for the exceptions
   * @param limit when all who still work on it are cancelled
   * @return null if all have failed
   */
  @Nullable Ending firstAnswer(String name, Duration limit) throws InterruptedException {
    try {
      return CancelScope.within(name, limit).call(this::race);
    } catch (FailedException e) {
      if (e.getCause() instanceof SQLException) {
        return null;
      }
      throw e;
    }
  }

  private Ending race() throws InterruptedException {
    // snippet: fanout
    try (var race =
        StructuredTaskScope.open(
            Joiner.<Ending>anySuccessfulResultOrThrow(),
            config -> config.withThreadFactory(forks))) {
      for (Replica each : replicas) {
        race.fork(() -> ask(each));
      }
      return race.join(); // the first answer; the other forks are interrupted
    } // and have ended here
    // end
  }

  private Ending ask(Replica replica) throws SQLException {
    try {
      String answer = replica.answer(question);
      return ended(replica, answer, null);
    } catch (SQLException e) {
      ended(replica, null, e);
      throw e;
    }
  }

  private Ending ended(Replica replica, @Nullable String answer, @Nullable SQLException failure) {
    Duration after = Duration.ofNanos(System.nanoTime() - began);
    Ending ending = new Ending(replica.name(), after, answer, failure);
    endings.add(ending);
    return ending;
  }

  /** How it ended for each; one that was to be asked after the first answer is not there. */
  List<Ending> endings() {
    return List.copyOf(endings);
  }
}
