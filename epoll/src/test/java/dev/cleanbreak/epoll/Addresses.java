package dev.cleanbreak.epoll;

import dev.cleanbreak.CleanDatagramSocket;
import dev.cleanbreak.CleanServerSocket;
import dev.cleanbreak.CleanSocket;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.TreeSet;

/**
 * A program of its own for {@link AddressTest}: connects by every address of this host to listeners
 * of either family, and prints how each end sees the other. Ports are left out, and of a failure
 * all but its type: the rest differs.
 */
final class Addresses {
  private Addresses() {}

  public static void main(String[] args) throws IOException {
    TreeSet<String> hosts = new TreeSet<>();
    for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
      each.inetAddresses().map(InetAddress::getHostAddress).forEach(hosts::add);
    }
    // A link-local address without its interface, and addresses in one another's clothes.
    for (String each : hosts.toArray(String[]::new)) {
      hosts.add(each.replaceAll("%.*", ""));
    }
    hosts.add("::ffff:127.0.0.1");
    hosts.add("0.0.0.0");
    hosts.add("::");
    for (String listening : new String[] {"(any)", "127.0.0.1", "::1", "0.0.0.0", "::"}) {
      for (String host : hosts) {
        System.out.println(listening + " <- " + host + ": " + stream(listening, host));
        System.out.println(listening + " <- " + host + ": " + datagram(listening, host));
      }
    }
  }

  private static InetSocketAddress local(String host) throws IOException {
    return host.equals("(any)")
        ? new InetSocketAddress(0)
        : new InetSocketAddress(InetAddress.getByName(host), 0);
  }

  private static String stream(String listening, String host) {
    try (CleanServerSocket listener = new CleanServerSocket();
        CleanSocket near = new CleanSocket()) {
      listener.bind(local(listening));
      near.connect(
          new InetSocketAddress(InetAddress.getByName(host), listener.getLocalPort()), 10_000);
      listener.setSoTimeout(10_000);
      try (Socket far = listener.accept()) {
        return "stream "
            + String.join(
                " ",
                text(listener.getInetAddress()),
                text(near.getLocalAddress()),
                text(near.getInetAddress()),
                text(far.getLocalAddress()),
                text(far.getInetAddress()));
      }
    } catch (IOException e) {
      return "stream " + e.getClass().getSimpleName();
    }
  }

  private static String datagram(String listening, String host) {
    try (CleanDatagramSocket far = new CleanDatagramSocket(local(listening));
        CleanDatagramSocket near = new CleanDatagramSocket()) {
      InetSocketAddress to = new InetSocketAddress(InetAddress.getByName(host), far.getLocalPort());
      near.send(new DatagramPacket(new byte[1], 1, to));
      DatagramPacket packet = new DatagramPacket(new byte[1], 1);
      // What is addressed to nobody never comes.
      far.setSoTimeout(50);
      far.receive(packet);
      return "datagram " + text(far.getLocalAddress()) + " " + text(packet.getAddress());
    } catch (UnsupportedAddressTypeException e) {
      // What java.net.DatagramSocket, too, says of the other version of IP; its Socket throws this:
      return "datagram " + SocketException.class.getSimpleName();
    } catch (IOException e) {
      return "datagram " + e.getClass().getSimpleName();
    }
  }

  private static String text(InetAddress address) {
    return address.getClass().getSimpleName() + " " + address.getHostAddress();
  }
}
