package dev.cleanbreak.races.oracle;

import dev.cleanbreak.spi.Readiness;
import dev.cleanbreak.spi.StreamPort;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A stream whose bytes pass the gates of its link. */
final class FaultStream implements StreamPort {
  final StreamPort real;
  final Link link = new Link();
  private final FaultTransport transport;

  /** The trap after which the defect has shown itself already. */
  private @Nullable Trap brokeWrite;

  private @Nullable Trap brokeRead;

  FaultStream(StreamPort real, FaultTransport transport) {
    this.real = real;
    this.transport = transport;
  }

  // ---- bytes

  @Override
  public int write(byte[] source, int offset, int length) throws IOException {
    int allowed = link.out.allowance(length);
    if (allowed == 0 && length > 0) {
      atJam(link.out);
      return 0;
    }
    Trap trap = link.out.trap();
    boolean defective = trap != null && trap.isSprung() && trap != brokeWrite;
    brokeWrite = defective ? trap : brokeWrite;
    Breakage breakage = defective ? transport.breakage() : Breakage.NONE;
    int sent = breakage.write(real, source, offset, allowed);
    link.out.pass(breakage.drops() ? 0 : sent);
    atJam(link.out);
    return sent;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int allowed = link.in.allowance(length);
    if (allowed == 0 && length > 0) {
      atJam(link.in);
      return 0;
    }
    Trap trap = link.in.trap();
    boolean defective = trap != null && trap.isSprung() && trap != brokeRead;
    brokeRead = defective ? trap : brokeRead;
    Breakage breakage = defective ? transport.breakage() : Breakage.NONE;
    int n = breakage.read(real, target, offset, allowed);
    link.in.pass(Math.max(0, n));
    atJam(link.in);
    return n;
  }

  @Override
  public int peek() throws IOException {
    return link.in.allowance(1) == 0 ? 0 : real.peek();
  }

  private static void atJam(Gate gate) {
    Trap trap = gate.trapAtJam();
    if (trap != null) {
      trap.spring(Moment.SYSCALL);
    }
  }

  @Override
  public int available() throws IOException {
    return link.in.allowance(real.available());
  }

  // ---- the rest, as it is

  @Override
  public Readiness newReadiness() {
    return new FaultReadiness(real.newReadiness(), link);
  }

  @Override
  public boolean connect(SocketAddress remote) throws IOException {
    return made(real.connect(remote));
  }

  @Override
  public boolean finishConnect() throws IOException {
    return made(real.finishConnect());
  }

  private boolean made(boolean connected) throws IOException {
    if (connected) {
      transport.connected(this);
    }
    return connected;
  }

  @Override
  public void bind(@Nullable SocketAddress local) throws IOException {
    real.bind(local);
  }

  @Override
  public @Nullable SocketAddress localAddress() throws IOException {
    return real.localAddress();
  }

  @Override
  public SocketAddress remoteAddress() throws IOException {
    return real.remoteAddress();
  }

  @Override
  public <T> void setOption(SocketOption<T> option, T value) throws IOException {
    real.setOption(option, value);
  }

  @Override
  public <T> T getOption(SocketOption<T> option) throws IOException {
    return real.getOption(option);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return real.supportedOptions();
  }

  @Override
  public boolean sendUrgent(int data) throws IOException {
    return real.sendUrgent(data);
  }

  @Override
  public boolean urgentInline() throws IOException {
    return real.urgentInline();
  }

  @Override
  public void urgentInline(boolean on) throws IOException {
    real.urgentInline(on);
  }

  @Override
  public void shutdownInput() throws IOException {
    real.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    real.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    real.close();
    link.free();
  }
}
