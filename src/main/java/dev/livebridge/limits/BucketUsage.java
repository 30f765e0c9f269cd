package dev.livebridge.limits;

import dev.livebridge.message.UsageTotals;

/**
 * What conversations that are counted together have used.
 *
 * @param conversations open now
 * @param starts within the last 60 seconds
 * @param today time, tokens and money of this day
 */
record BucketUsage(int conversations, int starts, UsageTotals today) {}
