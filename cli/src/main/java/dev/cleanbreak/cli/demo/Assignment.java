package dev.cleanbreak.cli.demo;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the demo tells the client process.
 *
 * @param ports where the printer listens
 * @param certificate the printer's, or null if no cell needs TLS
 * @param limitMillis how long a call may hang after its cut
 * @param transport the name of the one that Cleanbreak's sockets use
 */
record Assignment(
    PrinterPorts ports,
    @Nullable Certificate certificate,
    long limitMillis,
    String transport,
    List<Cell> cells)
    implements Serializable {
  Assignment {
    cells = List.copyOf(cells);
  }
}
