package dev.livebridge.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/** Input of a fake microphone: WAV files at 48 kHz, mono, 16 bit. The browser plays them in a loop. */
final class Voice {

    private static final int RATE = 48_000;

    /** Overtones of a vowel, as shares of the fundamental's loudness. */
    private static final double[] VOWEL = {1, 0.8, 0.6, 0.7, 0.5, 0.3, 0.35, 0.2, 0.1, 0.1};

    private Voice() {}

    /** A signal like speech: a gliding tone with overtones, in four syllables per second; then silence. */
    static Path speech(double speechSeconds, double silenceSeconds) {
        int spoken = (int) (speechSeconds * RATE);
        short[] samples = new short[spoken + (int) (silenceSeconds * RATE)];
        double phase = 0;
        for (int i = 0; i < spoken; i++) {
            double second = (double) i / RATE;
            phase += 2 * Math.PI * (140 + 30 * Math.sin(2 * Math.PI * 0.7 * second)) / RATE;
            double value = 0;
            for (int overtone = 0; overtone < VOWEL.length; overtone++) {
                value += VOWEL[overtone] * Math.sin(phase * (overtone + 1));
            }
            double syllable = Math.pow(Math.sin(Math.PI * 4 * second), 2);
            samples[i] = (short) (5_000 * value * syllable);
        }
        return write("speech", samples);
    }

    /** A sine of one second. */
    static Path tone(double frequency, double peak) {
        short[] samples = new short[RATE];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) Math.round(peak * 32_767 * Math.sin(2 * Math.PI * frequency * i / RATE));
        }
        return write("tone", samples);
    }

    /** Nothing but zeros. */
    static Path silence() {
        return write("silence", new short[RATE]);
    }

    private static Path write(String name, short[] samples) {
        ByteBuffer bytes = ByteBuffer.allocate(samples.length * 2).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(samples);
        AudioFormat format = new AudioFormat(RATE, 16, 1, true, false);
        try {
            Path directory = Files.createDirectories(Path.of("target", "voices"));
            Path file = Files.createTempFile(directory, name, ".wav");
            AudioSystem.write(
                    new AudioInputStream(new ByteArrayInputStream(bytes.array()), format, samples.length),
                    AudioFileFormat.Type.WAVE,
                    file.toFile());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
