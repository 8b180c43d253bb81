using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Machines;

/// <summary>A yes or no question about one part of a state, answered once for each value of the part.</summary>
/// <param name="values">The values of the part.</param>
/// <param name="part">Its number among the parts.</param>
/// <param name="question">The question; asked of a state in which all other bits are 0.</param>
internal sealed class PartQuestion<T>(PartTable<T> values, int part, Func<T, bool> question)
    where T : unmanaged, IPacked<T>
{
    private bool[] _answers = [];
    private int _answered;

    /// <summary>The answer for the state of a key.</summary>
    public bool Of(ulong key, KeyLayout layout)
    {
        var number = layout.Of(key, part);
        if (number >= _answered)
            Answer();
        return _answers[number];
    }

    /// <summary>Is the answer known without asking?</summary>
    public bool IsAnswered(ulong key, KeyLayout layout) => layout.Of(key, part) < _answered;

    /// <summary>
    /// Answers for every value there is: until another value is met, several threads may ask then.
    /// </summary>
    public void AnswerAll() => Answer();

    private void Answer()
    {
        if (values.Count > _answers.Length)
            Array.Resize(ref _answers, 2 * values.Count);
        for (; _answered < values.Count; _answered++)
            _answers[_answered] = question(values[_answered]);
    }
}
