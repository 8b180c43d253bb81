namespace Lazykick.Bench.Runtime;

/// <summary>The rounds of one row.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    public void Add(double value) => _values.Add(value);

    public bool IsEmpty => _values.Count == 0;

    public double Median
    {
        get
        {
            double[] sorted = [.. _values.Order()];
            var middle = sorted.Length / 2;
            return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    public override string ToString() => $"{Median,12:N2} [{_values.Min():N2}..{_values.Max():N2}]";
}

/// <summary>Rows that are measured in turns, so that what else the machine does hits all of them alike.</summary>
internal sealed class Table(string unit)
{
    private readonly List<(string Name, Func<double> Round, Samples Samples)> _rows = [];

    /// <summary>Adds a row; <paramref name="round"/> gives nanoseconds per operation.</summary>
    public void Add(string name, Func<double> round) => _rows.Add((name, round, new Samples()));

    /// <summary>Adds a figure that another program measured.</summary>
    public void Record(string name, double value)
    {
        if (_rows.Find(row => row.Name == name) is { Samples: { } known })
        {
            known.Add(value);
            return;
        }

        Samples samples = new();
        samples.Add(value);
        _rows.Add((name, () => double.NaN, samples));
    }

    public void Round()
    {
        foreach ((_, var round, var samples) in _rows)
        {
            var value = round();
            if (!double.IsNaN(value))
                samples.Add(value);
        }
    }

    public void Print(string title)
    {
        Console.WriteLine();
        Console.WriteLine($"{title}, {unit}");
        var first = _rows[0].Samples.Median;
        foreach ((var name, _, var samples) in _rows)
            Console.WriteLine($"  {name,-52}{samples,-40} x{samples.Median / first:0.00}");
    }
}
