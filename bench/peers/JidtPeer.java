// JIDT (Lizier 2014), kept running so that its calls can be taken in turn with ours: only the estimates are timed,
// inside Java. Each line of input asks for one measurement, and is answered by one line: milliseconds, and the value.
//
//   cmi FILE DX DY DZ NEIGHBOURS SURROGATES   the columns of FILE are X, Y, Z in this order
//   te FILE SOURCE TARGET NEIGHBOURS SURROGATES   two columns of FILE, histories of one sample, delay 1
import infodynamics.measures.continuous.kraskov.ConditionalMutualInfoCalculatorMultiVariateKraskov1;
import infodynamics.measures.continuous.kraskov.TransferEntropyCalculatorKraskov;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

public final class JidtPeer {
  private static final Map<String, double[][]> FILES = new HashMap<>();

  public static void main(String[] arguments) throws Exception {
    final String threads = arguments[0];
    System.out.println("java " + System.getProperty("java.version"));
    final BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      final String[] words = line.trim().split(" ");
      final double[][] rows = rowsOf(words[1]);
      final int[] numbers = Arrays.stream(words, 2, words.length).mapToInt(Integer::parseInt).toArray();
      final long start = System.nanoTime();
      final double value = words[0].equals("cmi") ? conditional(rows, numbers, threads) : transfer(rows, numbers, threads);
      System.out.println((System.nanoTime() - start) / 1e6 + " " + value);
    }
  }

  private static double conditional(double[][] rows, int[] n, String threads) throws Exception {
    final var calculator = new ConditionalMutualInfoCalculatorMultiVariateKraskov1();
    calculator.setProperty("k", String.valueOf(n[3]));
    calculator.setProperty("NORMALISE", "false");
    calculator.setProperty("NOISE_LEVEL_TO_ADD", "0");
    calculator.setProperty("NUM_THREADS", threads);
    calculator.initialise(n[0], n[1], n[2]);
    calculator.setObservations(columns(rows, 0, n[0]), columns(rows, n[0], n[0] + n[1]), columns(rows, n[0] + n[1], n[0] + n[1] + n[2]));
    final double value = calculator.computeAverageLocalOfObservations();
    if (n[4] > 0) calculator.computeSignificance(n[4]);
    return value;
  }

  private static double transfer(double[][] rows, int[] n, String threads) throws Exception {
    final var calculator = new TransferEntropyCalculatorKraskov();
    calculator.setProperty("k", String.valueOf(n[2]));
    calculator.setProperty("NORMALISE", "true");
    calculator.setProperty("NOISE_LEVEL_TO_ADD", "0");
    calculator.setProperty("NUM_THREADS", threads);
    calculator.initialise(1, 1, 1, 1, 1);
    calculator.setObservations(column(rows, n[0]), column(rows, n[1]));
    final double value = calculator.computeAverageLocalOfObservations();
    if (n[3] > 0) calculator.computeSignificance(n[3]);
    return value;
  }

  private static double[] column(double[][] rows, int c) {
    return Arrays.stream(rows).mapToDouble(row -> row[c]).toArray();
  }

  private static double[][] columns(double[][] rows, int from, int to) {
    return Arrays.stream(rows).map(row -> Arrays.copyOfRange(row, from, to)).toArray(double[][]::new);
  }

  // A header line, then numbers with commas.
  private static double[][] rowsOf(String file) throws Exception {
    double[][] rows = FILES.get(file);
    if (rows == null) {
      rows = Files.readAllLines(Path.of(file)).stream().skip(1)
          .map(line -> Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray())
          .toArray(double[][]::new);
      FILES.put(file, rows);
    }
    return rows;
  }
}
