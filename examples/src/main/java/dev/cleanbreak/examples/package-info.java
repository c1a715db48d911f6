/** What the programs share. */
@org.jspecify.annotations.NullMarked
package dev.cleanbreak.examples;
