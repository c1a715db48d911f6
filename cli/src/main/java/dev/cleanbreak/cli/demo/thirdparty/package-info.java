/**
 * Stands for the libraries of other people that end a print client's calls: the client does not
 * know that they do, and learns it from the exception or not at all. Nothing here uses the rest of
 * the demo.
 */
@NullMarked
package dev.cleanbreak.cli.demo.thirdparty;

import org.jspecify.annotations.NullMarked;
