/** One question to several databases: the first answer counts, the others are cancelled. */
@org.jspecify.annotations.NullMarked
package dev.cleanbreak.examples.fanout;
