package dev.cleanbreak.races;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.SplittableRandom;

/** A thread of the storm that nobody shoots at: it reads slowly, or writes now and then. */
final class StormPeer implements Runnable {
  private static final int MOST = 16 * 1024;

  private final StormLink link;
  private final Socket socket;
  private final StormLink.Flow flow;
  private final boolean reads;
  private final SplittableRandom random;
  private final byte[] buffer = new byte[MOST];

  StormPeer(
      StormLink link, Socket socket, StormLink.Flow flow, boolean reads, SplittableRandom random) {
    this.link = link;
    this.socket = socket;
    this.flow = flow;
    this.reads = reads;
    this.random = random;
  }

  @Override
  public void run() {
    try {
      if (reads) {
        read();
      } else {
        write();
      }
    } catch (IOException e) {
      if (reads) {
        flow.end = StormLink.End.BROKEN;
      } else {
        flow.writeFailed = true;
      }
      link.failed(reads ? "a peer's read" : "a peer's write", e);
    }
  }

  private void read() throws IOException {
    InputStream in = socket.getInputStream();
    for (int n; (n = in.read(buffer, 0, 1 + random.nextInt(MOST))) >= 0; ) {
      flow.received(buffer, n);
      link.pause(random);
    }
    flow.end = StormLink.End.END_OF_STREAM;
  }

  private void write() throws IOException {
    OutputStream out = socket.getOutputStream();
    while (!link.isStopping()) {
      int length = 1 + random.nextInt(512);
      flow.bytes.fill(buffer, length, flow.accepted);
      flow.unsure = length;
      out.write(buffer, 0, length);
      flow.accepted += length;
      flow.unsure = 0;
      link.rest(random);
    }
    socket.shutdownOutput();
  }
}
