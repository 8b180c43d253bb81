using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Lazykick.Cli.Serve;

/// <summary>
/// The instruments of a meter in Prometheus' text format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/), with names by OpenTelemetry's rules: dots become
/// underscores, the unit and <c>_total</c> of a counter follow.
/// </summary>
internal sealed class PrometheusText : IDisposable
{
    /// <summary>What the answer is.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Lock _lock = new();
    private readonly MeterListener _listener = new();
    private readonly StringBuilder _text = new();
    private Instrument? _last;

    /// <param name="meter">Name of the meter.</param>
    public PrometheusText(string meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == meter)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>(
            (instrument, value, tags, _) => Add(instrument, value.ToString(CultureInfo.InvariantCulture), tags)
        );
        _listener.SetMeasurementEventCallback<double>(
            (instrument, value, tags, _) => Add(instrument, value.ToString("R", CultureInfo.InvariantCulture), tags)
        );
        _listener.Start();
    }

    /// <summary>The newest measurements.</summary>
    public byte[] Read()
    {
        lock (_lock)
        {
            _text.Clear();
            _last = null;
            _listener.RecordObservableInstruments();
            return Encoding.UTF8.GetBytes(_text.ToString());
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var isCounter = instrument is ObservableCounter<long> or ObservableCounter<double>;
        var name =
            instrument.Name.Replace('.', '_')
            + (instrument.Unit == "s" ? "_seconds" : "")
            + (isCounter ? "_total" : "");
        if (_last != instrument)
        {
            _last = instrument;
            _text.Append("# HELP ").Append(name).Append(' ').Append(instrument.Description).Append('\n');
            _text.Append("# TYPE ").Append(name).Append(isCounter ? " counter" : " gauge").Append('\n');
        }

        _text.Append(name);
        for (var at = 0; at < tags.Length; at++)
        {
            _text.Append(at == 0 ? '{' : ',').Append(tags[at].Key).Append("=\"");
            AppendLabel(Convert.ToString(tags[at].Value, CultureInfo.InvariantCulture) ?? "");
            _text.Append('"');
        }

        _text.Append(tags.Length > 0 ? "} " : " ").Append(value).Append('\n');
    }

    private void AppendLabel(string value)
    {
        foreach (var letter in value)
        {
            _ = letter switch
            {
                '\\' => _text.Append("\\\\"),
                '"' => _text.Append("\\\""),
                '\n' => _text.Append("\\n"),
                _ => _text.Append(letter),
            };
        }
    }
}
