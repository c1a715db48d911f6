package dev.cleanbreak.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import javax.net.ServerSocketFactory;

/**
 * The printer, in a process of its own. Reads the path of its key store, empty for none, and the
 * password from standard input, prints its ports, and ends with that input.
 */
final class PrinterProcess {
  private PrinterProcess() {}

  public static void main(String[] args) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String keyStore = in.readLine();
    String password = in.readLine();
    ParentWatch.start(System.in);
    Printer printer = new Printer();
    int tls = 0;
    if (keyStore != null && password != null && !keyStore.isEmpty()) {
      tls = printer.listen(new Certificate(keyStore, password).server().getServerSocketFactory());
    }
    int plain = printer.listen(ServerSocketFactory.getDefault());
    System.out.println(new PrinterPorts(printer.listenPanel(), plain, tls).line());
  }
}
