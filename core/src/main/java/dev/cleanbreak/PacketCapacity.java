package dev.cleanbreak;

import java.lang.ref.WeakReference;
import java.net.DatagramPacket;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How much fits into a packet that has received before. The JDK's sockets keep that in a field of
 * the packet that nobody else can reach; {@link DatagramPacket#setLength}, all that is left to
 * others, changes the length and the capacity. So that a packet can be used again without {@code
 * setLength}, as is usual, the capacity is remembered here for as long as the packet lives and has
 * the length that we gave it.
 */
final class PacketCapacity {
  private record Received(int capacity, int length, int offset, WeakReference<byte[]> data) {
    /** Nobody has given the packet other data, or another place in it, since. */
    boolean isStillIn(DatagramPacket packet) {
      return packet.getLength() == length
          && packet.getOffset() == offset
          && data.refersTo(packet.getData());
    }
  }

  /** Packets are equal only to themselves. Guarded by itself. */
  private static final Map<DatagramPacket, Received> LAST = new WeakHashMap<>();

  private PacketCapacity() {}

  static int of(DatagramPacket packet) {
    @Nullable Received last;
    synchronized (LAST) {
      last = LAST.get(packet);
    }
    if (last == null || !last.isStillIn(packet)) {
      return packet.getLength();
    }
    return Math.min(last.capacity, packet.getData().length - packet.getOffset());
  }

  static void remember(DatagramPacket packet, int capacity, int length) {
    synchronized (LAST) {
      if (capacity == length) {
        LAST.remove(packet);
      } else {
        LAST.put(
            packet,
            new Received(
                capacity, length, packet.getOffset(), new WeakReference<>(packet.getData())));
      }
    }
  }
}
