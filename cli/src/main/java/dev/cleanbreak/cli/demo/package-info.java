/**
 * {@code cleanbreak demo}: a print client, a printer that jams, and third-party code that ends the
 * client's call, in processes of their own.
 *
 * <pre>
 *   DemoCommand --starts--&gt; PrinterProcess   listens, jams, keeps the ledger of every byte
 *               --starts--&gt; ClientProcess    runs the cells, reports a Row for each
 * </pre>
 */
@NullMarked
package dev.cleanbreak.cli.demo;

import org.jspecify.annotations.NullMarked;
