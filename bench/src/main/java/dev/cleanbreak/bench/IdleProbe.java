package dev.cleanbreak.bench;

import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens connections, prints what one of them costs, and keeps them until its input ends. */
final class IdleProbe {
  // The places of the figures in what is printed.
  static final int BYTES = 0;
  static final int HEAP = 1;
  static final int DESCRIPTORS = 2;

  /** Before them. */
  static final String MARK = "each: ";

  /**
   * Few at a time, so that they leave little memory behind, and often: what the compiler makes of
   * the code is not to be taken for what the connections cost.
   */
  private static final int WARM = 20;

  private static final int WARM_TIMES = 300;

  /** The state of this process; the resident bytes are NaN where nothing tells them. */
  private record Footprint(double heap, double resident, double descriptors) {
    static Footprint now() throws IOException {
      for (int i = 0; i < 3; i++) {
        System.gc();
      }
      return new Footprint(
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
          residentBytes(),
          Descriptors.open());
    }

    private static double residentBytes() throws IOException {
      Path status = Path.of("/proc/self/status");
      if (!Files.isReadable(status)) {
        return Double.NaN;
      }
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmRSS:")) {
          return Double.parseDouble(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
      return Double.NaN;
    }

    double[] each(Footprint before, int connections) {
      return new double[] {
        (heap - before.heap + resident - before.resident) / connections,
        (heap - before.heap) / connections,
        (descriptors - before.descriptors) / connections
      };
    }
  }

  private IdleProbe() {}

  /** Arguments: the kind, how many connections. */
  public static void main(String[] arguments) throws Exception {
    IdleKind kind = IdleKind.valueOf(arguments[0]);
    int connections = Integer.parseInt(arguments[1]);
    for (int i = 0; i < WARM_TIMES; i++) {
      kind.open(WARM).close();
    }
    try (Closeable _ = kind.open(WARM)) {
      Footprint before = Footprint.now();
      try (Closeable _ = kind.open(connections)) {
        double[] each = Footprint.now().each(before, connections);
        System.out.println(MARK + each[BYTES] + " " + each[HEAP] + " " + each[DESCRIPTORS]);
        int _ = System.in.read();
      }
    }
  }
}
