package dev.cleanbreak;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Outcome;

/**
 * Runs one race of the jcstress suite many times and counts the outcomes. The actors walk through a
 * row of states side by side, each with a random delay before each step. Blunter than jcstress;
 * quick enough for every build.
 */
final class RaceRounds {
  private static final int ROW = 64;
  private static final int MOST_DELAY_BITS = 9;
  private static final int SPINS_BEFORE_PAUSE = 200;

  private final Class<?> race;
  private final List<MethodHandle> actors = new ArrayList<>();
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private Class<?> resultType;
  private MethodHandle arbiter;

  RaceRounds(Class<?> race) throws ReflectiveOperationException {
    this.race = race;
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    for (Method method : race.getDeclaredMethods()) {
      boolean actor = method.isAnnotationPresent(Actor.class);
      if (!actor && !method.isAnnotationPresent(Arbiter.class)) {
        continue;
      }
      MethodHandle handle = lookup.unreflect(method);
      if (method.getParameterCount() == 1) {
        resultType = method.getParameterTypes()[0];
      } else {
        handle = MethodHandles.dropArguments(handle, 1, Object.class);
      }
      if (actor) {
        actors.add(handle);
      } else {
        arbiter = handle;
      }
    }
  }

  /** Races until {@code nanos} have passed or an outcome is not acceptable. */
  Map<String, Integer> run(long seed, long nanos) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    long began = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(actors.size())) {
      while (System.nanoTime() - began < nanos && unacceptable().isEmpty()) {
        row(threads, random);
      }
    }
    return outcomes;
  }

  private void row(ExecutorService threads, SplittableRandom random) throws Exception {
    Object[] states = new Object[ROW];
    Object[] results = new Object[ROW];
    for (int i = 0; i < ROW; i++) {
      states[i] = race.getConstructor().newInstance();
      results[i] = resultType.getConstructor().newInstance();
    }
    AtomicInteger arrived = new AtomicInteger();
    long began = System.nanoTime();
    List<Future<Integer>> running = new ArrayList<>();
    for (MethodHandle actor : actors) {
      SplittableRandom own = random.split();
      running.add(
          threads.submit(() -> walk(actor, states, results, arrived, actors.size(), began, own)));
    }
    int raced = ROW;
    for (Future<Integer> each : running) {
      raced = Math.min(raced, each.get());
    }
    // Nor for the other states of a row: an arbiter that waits in vain has said enough, too.
    for (int i = 0; i < raced && unacceptable().isEmpty(); i++) {
      if (arbiter != null) {
        invoke(arbiter, states[i], results[i]);
      }
      outcomes.merge(results[i].toString(), 1, Integer::sum);
    }
  }

  /** One actor's way along the row; returns how many states it has raced. */
  private static int walk(
      MethodHandle actor,
      Object[] states,
      Object[] results,
      AtomicInteger arrived,
      int actors,
      long began,
      SplittableRandom random)
      throws Exception {
    int raced = 0;
    try {
      // A lost wake has said enough; the others of this row would take as long.
      while (raced < ROW && System.nanoTime() - began < RacePort.LOST_NANOS) {
        awaitAll(arrived, (raced + 1) * actors);
        delay(random);
        invoke(actor, states[raced], results[raced]);
        raced++;
      }
      return raced;
    } finally {
      // Nobody waits for one that comes no more.
      arrived.addAndGet(ROW * actors);
    }
  }

  /** Arrives, and waits for the others to arrive at the same step. */
  private static void awaitAll(AtomicInteger arrived, int all) {
    arrived.incrementAndGet();
    for (int spins = 0; arrived.get() < all; spins++) {
      if (spins < SPINS_BEFORE_PAUSE) {
        Thread.onSpinWait();
      } else {
        RaceWait.pause();
      }
    }
  }

  /** Mostly short, now and then long: a race is won by nanoseconds or by microseconds. */
  private static void delay(SplittableRandom random) {
    int spins = random.nextInt(1 << random.nextInt(MOST_DELAY_BITS));
    for (int i = 0; i < spins; i++) {
      Thread.onSpinWait();
    }
  }

  private static void invoke(MethodHandle step, Object state, Object result) throws Exception {
    try {
      step.invoke(state, result);
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** The outcomes seen that the race does not accept. */
  List<String> unacceptable() {
    return outcomes.keySet().stream().filter(seen -> !accepts(seen)).toList();
  }

  private boolean accepts(String seen) {
    return Arrays.stream(race.getAnnotationsByType(Outcome.class))
        .flatMap(outcome -> Arrays.stream(outcome.id()))
        .anyMatch(seen::matches);
  }
}
