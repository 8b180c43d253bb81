using System.Globalization;

namespace Lazykick.Checking.Export;

/// <summary>
/// Writes the threads of a test as columns, and collects its initial state and the outcome that is asked about.
/// </summary>
internal abstract class ThreadWriter(TestProgram program, LocationNames names)
{
    protected const string TextName = "the patched instruction";

    private readonly List<string> _initial = [];
    private readonly List<string> _outcome = [];
    private readonly List<List<string>> _columns = [];
    private readonly Dictionary<string, int> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<RaceEvent, int> _results = [];
    private int _next;

    /// <summary>Lines of the initial state.</summary>
    public IReadOnlyList<string> Initial => _initial;

    /// <summary>By thread: its lines.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Columns => _columns;

    /// <summary>The outcome, as parts of a conjunction.</summary>
    public IReadOnlyList<string> Outcome => _outcome;

    protected TestProgram Program { get; } = program;

    protected LocationNames Names { get; } = names;

    /// <summary>The thread that is being written.</summary>
    protected int Thread { get; private set; } = -1;

    /// <summary>A branch goes to the end of the thread.</summary>
    protected bool NeedsEnd { get; set; }

    public void Run()
    {
        foreach (var (location, value) in Program.Values.Initial.Where(v => v.Value != 0))
            _initial.Add($"{Names[location]}={Text(value)};");
        foreach (var thread in Program.Threads)
        {
            Thread++;
            _next = 0;
            _constants.Clear();
            _columns.Add([]);
            var first = _initial.Count;
            NeedsEnd = false;
            Write(thread);
            if (_initial.Count > first)
            {
                var line = string.Join(' ', _initial.Skip(first));
                _initial.RemoveRange(first, _initial.Count - first);
                _initial.Add(line);
            }
        }

        foreach (var location in Program.Core.FinalValues)
            _outcome.Add($"{Names[location]}={Text(Program.Values.Final[location])}");
    }

    protected abstract void Write(TestThread thread);

    /// <summary>The name of a register in the initial state and in the outcome.</summary>
    protected abstract string Register(int number);

    protected void Emit(string line) => _columns[^1].Add(line);

    protected void Expect(int register, int value)
    {
        var part = $"{Thread}:{Register(register)}={Text(value)}";
        if (!_outcome.Contains(part))
            _outcome.Add(part);
    }

    protected int Next() => _next++;

    protected void Set(int register, string value) => _initial.Add($"{Thread}:{Register(register)}={value};");

    /// <summary>A register that holds an address.</summary>
    protected int Address(string key, string value) => Constant("&" + key, value);

    /// <summary>A register that holds a constant.</summary>
    protected int Constant(string value) => Constant(value, value);

    /// <summary>The register that receives what a read returns.</summary>
    protected int Result(RaceEvent read) => _results[read] = Next();

    protected int ResultOf(RaceEvent read) => _results[read];

    protected bool HasResult(RaceEvent read) => _results.ContainsKey(read);

    private int Constant(string key, string value)
    {
        if (_constants.TryGetValue(key, out var register))
            return register;
        register = _constants[key] = Next();
        Set(register, value);
        return register;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
