package dev.cleanbreak.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs probes in JVMs of their own: memory that a process has had once it rarely gives back, so a
 * second measurement in it would find nothing new. There are several at once because none may have
 * all the descriptors.
 */
record IdleVariant(IdleKind kind, int connections) implements Variant {
  /**
   * A heap that is resident from the beginning, so that what grows later is not the heap; and a
   * compiler that does at once what it would do within minutes: the stack of a blocked thread is
   * four times as large while its code is half compiled.
   */
  private static final List<String> FIXED_HEAP =
      List.of(
          "-Xms512m",
          "-Xmx512m",
          "-XX:+AlwaysPreTouch",
          "-XX:+UseSerialGC",
          "-XX:CompileThresholdScaling=0.1");

  @Override
  public String name() {
    return kind.title;
  }

  @Override
  public double[] round(Duration slice) throws Exception {
    int each = Descriptors.fitting(connections, BlockedReads.descriptorsEach(SocketKind.NIO));
    int processes = (connections + each - 1) / each;
    List<Process> probes = new ArrayList<>();
    try {
      for (int i = 0; i < processes; i++) {
        int share = connections * (i + 1) / processes - connections * i / processes;
        probes.add(
            new ForkedJvm(IdleProbe.class, FIXED_HEAP)
                .start(List.of(kind.name(), Integer.toString(share))));
      }
      List<double[]> found = new ArrayList<>();
      for (Process probe : probes) {
        found.add(figures(probe));
      }
      return mean(found);
    } finally {
      // Each keeps its connections until its input ends.
      probes.forEach(Process::destroy);
    }
  }

  private static double[] figures(Process probe) throws IOException {
    BufferedReader lines = probe.inputReader(StandardCharsets.UTF_8);
    for (String line; (line = lines.readLine()) != null; ) {
      if (line.startsWith(IdleProbe.MARK)) {
        return Stream.of(line.substring(IdleProbe.MARK.length()).split(" ", -1))
            .mapToDouble(Double::parseDouble)
            .toArray();
      }
    }
    throw new IOException("a probe ended without a figure");
  }

  private static double[] mean(List<double[]> found) {
    double[] mean = new double[found.getFirst().length];
    for (double[] each : found) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += each[i] / found.size();
      }
    }
    return mean;
  }

  @Override
  public void close() {}
}
