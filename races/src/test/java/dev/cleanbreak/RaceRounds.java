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
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Outcome;

/**
 * Runs one race of the jcstress suite many times, its actors started together with a random delay
 * each, and counts the outcomes. Slower and blunter than jcstress; quick enough for every build.
 */
final class RaceRounds {
  private static final int DELAY_SPINS = 300;

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

  /** Races until {@code nanos} have passed. */
  Map<String, Integer> run(long seed, long nanos) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    CyclicBarrier start = new CyclicBarrier(actors.size());
    long began = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(actors.size())) {
      while (System.nanoTime() - began < nanos && unacceptable().isEmpty()) {
        round(threads, start, random);
      }
    }
    return outcomes;
  }

  private void round(ExecutorService threads, CyclicBarrier start, SplittableRandom random)
      throws Exception {
    Object state = race.getConstructor().newInstance();
    Object result = resultType.getConstructor().newInstance();
    List<Future<?>> running = new ArrayList<>();
    for (MethodHandle actor : actors) {
      int spins = random.nextInt(DELAY_SPINS);
      running.add(
          threads.submit(() -> {
            start.await();
            for (int i = 0; i < spins; i++) {
              Thread.onSpinWait();
            }
            invoke(actor, state, result);
            return null;
          }));
    }
    for (Future<?> each : running) {
      each.get();
    }
    if (arbiter != null) {
      invoke(arbiter, state, result);
    }
    outcomes.merge(result.toString(), 1, Integer::sum);
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
