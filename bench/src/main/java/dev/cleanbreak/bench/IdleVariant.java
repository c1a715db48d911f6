package dev.cleanbreak.bench;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs a probe in a JVM of its own: memory that a process has had once it rarely gives back, so a
 * second measurement in it would find nothing new.
 */
record IdleVariant(SocketKind kind, int connections) implements Variant {
  /** A heap that is resident from the beginning, so that what grows later is not the heap. */
  private static final List<String> FIXED_HEAP =
      List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC");

  @Override
  public String name() {
    return kind.title;
  }

  @Override
  public double[] round(Duration slice) throws Exception {
    List<String> lines =
        new ForkedJvm(IdleProbe.class, FIXED_HEAP)
            .run(List.of(kind.name(), Integer.toString(connections)));
    return Stream.of(lines.getLast().split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
  }

  @Override
  public void close() {}
}
